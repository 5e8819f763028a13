import type { PostAnswer } from '../runtime/runtime.js';
import type { DiagnosticsRecord } from './envelope.js';
import { keepaliveBudget } from './keepalive-budget.js';
import type { SendContext, SendResult, Sink } from './sink.js';
import { utf8Bytes } from './utf8-bytes.js';

/** Options of every sink that sends by HTTP POST. */
export interface PostSinkOptions {
  /** Sent with each request. Any header causes a CORS preflight in browsers and rules out `sendBeacon`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** False for devices whose browsers fail keepalive requests, such as some TV sets. Default: true. */
  readonly keepalive?: boolean;
  /** Milliseconds to wait for the receiver's response. Default: 10,000. */
  readonly timeoutMs?: number;
  /**
   * `'gzip'` compresses bodies where the runtime can, except while the page is being left. Like any header, it causes a CORS preflight.
   * Default: `'none'`.
   */
  readonly compression?: 'gzip' | 'none';
  /** Called once when something, such as an ad blocker or a Content-Security-Policy, seems to prevent the receiver from being reached. */
  readonly onBlocked?: () => void;
}

/** What distinguishes one kind of receiver from another. */
export interface Receiver {
  readonly contentType: string;
  /** Whether `sendBeacon` may be used: only for what browsers send without a preflight. */
  readonly takesBeacons: boolean;
  encode(records: readonly DiagnosticsRecord[], envelope: SendContext['envelope']): string;
  judge(answer: PostAnswer, records: readonly DiagnosticsRecord[]): SendResult;
}

const MAX_BODY_BYTES = 60_000;

const sinkUrls = /* @__PURE__ */ new Set<string>();

/** The URLs to which the sinks of this page send. */
export function sinkAddresses(): ReadonlySet<string> {
  return sinkUrls;
}

/** One POST per batch, within the page's one keepalive budget. */
export function postSink(maker: string, url: string, options: PostSinkOptions, receiver: Receiver): Sink {
  checkUrl(maker, url);
  sinkUrls.add(url);
  const { headers, keepalive = true, timeoutMs = 10_000, compression, onBlocked } = options;
  const surviving = new Map<string, Promise<SendResult>>();
  let keepaliveFailed = false;

  return {
    name: url.replace(/[?#].*/, ''),
    ...(onBlocked && { onBlocked }),
    async send(records, { envelope, leaving, runtime }) {
      const underWay = leaving && surviving.get(envelope.batch);
      if (underWay) return underWay;
      const text = receiver.encode(records, envelope);
      // Compression takes time, which a page that is being left does not have.
      const packed = compression === 'gzip' && !leaving ? await runtime.gzip(text) : undefined;
      const bytes = packed ? packed.length : utf8Bytes(text);
      if (bytes > MAX_BODY_BYTES) return { ok: false, retry: false, reason: 'too-large' };

      // The budget is shared with the rest of the page, so a failed keepalive request is repeated without keepalive.
      const giveBack = keepalive && (leaving || !keepaliveFailed) ? keepaliveBudget(runtime, bytes) : undefined;
      // A beacon says nothing about its outcome, so the records are kept: sending them again is safe.
      if (leaving && !giveBack && !headers && receiver.takesBeacons && runtime.beacon(url, text)) {
        return { ok: false, retry: true };
      }

      const sending = runtime
        .post({
          url,
          body: text,
          ...(packed && { packed }),
          contentType: receiver.contentType,
          keepalive: giveBack !== undefined,
          timeoutMs,
          ...(headers && { headers }),
        })
        .then((answer) => {
          giveBack?.();
          surviving.delete(envelope.batch);
          keepaliveFailed = giveBack !== undefined && answer.status === 0;
          return receiver.judge(answer, records);
        });
      if (giveBack) surviving.set(envelope.batch, sending);
      return sending;
    },
  };
}

/**
 * What to do with an unsuccessful response, given which statuses are worth a retry and which are about the records. Anything else comes
 * from something in between.
 */
export function judgeFailure(
  { status, retryAfterMs }: PostAnswer,
  isPassing: (status: number) => boolean,
  isFinal: (status: number) => boolean,
): SendResult {
  if (isPassing(status)) {
    return { ok: false, retry: true, ...(retryAfterMs === undefined ? {} : { afterMs: retryAfterMs }) };
  }
  if (isFinal(status)) return { ok: false, retry: false, reason: status === 413 ? 'too-large' : 'rejected' };
  return { ok: false, retry: true, blocked: true };
}

export function isSuccess(answer: PostAnswer): boolean {
  return answer.status >= 200 && answer.status < 300 && !isPage(answer);
}

/** Of a captive portal, a login that was redirected to, a proxy, or the start page of a site: receivers have none. */
export function isPage({ body }: PostAnswer): boolean {
  return body.trim().startsWith('<');
}

/** By pattern, because older versions of React Native's URL do not parse. A path is accepted too: the page's own origin serves it. */
function checkUrl(maker: string, url: unknown): void {
  if (typeof url === 'string' && /^(https?:\/\/[^\s/?#@]+([/?#]|$)|\/(?!\/))/i.test(url)) return;
  const given = typeof url === 'string' ? JSON.stringify(url.replace(/\/\/.*@/, '//…@')) : typeof url;
  throw new TypeError(
    `${maker} takes an http(s) URL without a user name and password, or a path on the page's own origin such as "/v1/records"; got ${given}.`,
  );
}
