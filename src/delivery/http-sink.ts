import type { PostAnswer } from '../runtime/runtime.js';
import type { DiagnosticsRecord } from './envelope.js';
import { keepaliveBudget } from './keepalive-budget.js';
import type { SendResult, Sink } from './sink.js';
import { utf8Bytes } from './utf8-bytes.js';

/** Options of `httpSink`. */
export interface HttpSinkOptions {
  /** Sent with each request. Any header makes browsers ask the collector for permission first, and rules `sendBeacon` out. */
  readonly headers?: Readonly<Record<string, string>>;
  /** False for devices whose browser fails keepalive requests, such as some television sets. Default: true. */
  readonly keepalive?: boolean;
  /** Milliseconds to wait for the collector's answer. Default: 10,000. */
  readonly timeoutMs?: number;
}

const MAX_BODY_BYTES = 60_000;

/** Sends records to a collector: one POST of `text/plain` per batch, which browsers send to another origin without a preflight. */
export function httpSink(url: string, options: HttpSinkOptions = {}): Sink {
  checkUrl(url);
  const { headers, keepalive = true, timeoutMs = 10_000 } = options;
  const surviving = new Map<string, Promise<SendResult>>();
  let keepaliveFailed = false;

  return {
    name: url.replace(/[?#].*/, ''),
    async send(records, { envelope, leaving, runtime }) {
      const underWay = leaving && surviving.get(envelope.batch);
      if (underWay) return underWay;
      const body = JSON.stringify({ ...envelope, records });
      const bytes = utf8Bytes(body);
      if (bytes > MAX_BODY_BYTES) return { ok: false, retry: false, reason: 'too-large' };

      // The budget is shared with the rest of the page, so a failed keepalive request is repeated without keepalive.
      const giveBack = keepalive && (leaving || !keepaliveFailed) ? keepaliveBudget(bytes) : undefined;
      // A beacon tells nothing about its fate, so the records are kept: sending them again is safe.
      if (leaving && !giveBack && !headers && runtime.beacon(url, body)) return { ok: false, retry: true };

      const sending = runtime
        .post({
          url,
          body,
          contentType: 'text/plain;charset=UTF-8',
          keepalive: giveBack !== undefined,
          timeoutMs,
          ...(headers ? { headers } : {}),
        })
        .then((answer) => {
          giveBack?.();
          surviving.delete(envelope.batch);
          keepaliveFailed = giveBack !== undefined && answer.status === 0;
          return judge(answer, records);
        });
      if (giveBack) surviving.set(envelope.batch, sending);
      return sending;
    },
  };
}

function judge({ status, body, retryAfterMs }: PostAnswer, records: readonly DiagnosticsRecord[]): SendResult {
  if (status >= 200 && status < 300) return { ok: true, rejected: rejectedIds(body, records) };
  if (status === 0) return { ok: false, retry: true, blocked: true };
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    return { ok: false, retry: true, ...(retryAfterMs === undefined ? {} : { afterMs: retryAfterMs }) };
  }
  return { ok: false, retry: false, reason: status === 413 ? 'too-large' : 'rejected' };
}

/** The answer's body is read as a `CollectorAnswer` where it is one; another receiver may say anything. */
function rejectedIds(body: string, records: readonly DiagnosticsRecord[]): string[] {
  try {
    const { rejected } = JSON.parse(body) as { rejected?: { index?: number; id?: string }[] };
    return (rejected ?? []).map(({ id, index }) => id ?? records[index ?? -1]?.id ?? '');
  } catch {
    return [];
  }
}

/** By pattern, because React Native's URL does not parse in older versions. A path is taken too: the page's own origin serves it. */
function checkUrl(url: unknown): void {
  if (typeof url === 'string' && /^(https?:\/\/[^\s/?#@]+([/?#]|$)|\/(?!\/))/i.test(url)) return;
  const given = typeof url === 'string' ? JSON.stringify(url.replace(/\/\/.*@/, '//…@')) : typeof url;
  throw new TypeError(
    `httpSink takes an http(s) URL without user name and password, or a path of the page's own origin such as "/v1/records"; it was given ${given}.`,
  );
}
