import type { IncomingMessage, RequestOptions } from 'node:http';
import { knownProxy } from './known-proxy.js';
import { nodeClientRequest } from './node-client-request.js';
import { postAnswer } from './post-answer.js';
import type { HttpAnswer, ProbingRuntime, Runtime } from './runtime.js';
import { systemErrorCode } from './system-error-code.js';

interface Exchange {
  readonly response?: IncomingMessage;
  readonly body: string;
  readonly timedOut: boolean;
  readonly code?: string;
  readonly incomplete: boolean;
}

const MAX_PROBE_BODY_CHARS = 4096;
const MAX_POST_ANSWER_CHARS = 65_536;

/** HTTP by `node:http` and `node:https`, for error codes that `fetch` hides and TLS options that it does not accept. */
export function nodeHttp({ delay, monotonicMs, now }: Pick<Runtime, 'delay' | 'monotonicMs' | 'now'>): {
  readonly request: ProbingRuntime['request'];
  readonly post: Runtime['post'];
} {
  function exchange(
    url: string,
    options: RequestOptions,
    sent: string | Uint8Array | undefined,
    maxChars: number,
    timeoutMs: number,
  ): Promise<Exchange> {
    return new Promise((resolve) => {
      let response: IncomingMessage | undefined;
      let body = '';
      let cancelTimeout: () => void = () => {};
      const finish = (end: { timedOut?: boolean; error?: unknown; abort?: () => void }) => {
        cancelTimeout();
        const code = systemErrorCode(end.error);
        resolve({
          ...(response ? { response } : {}),
          ...(code ? { code } : {}),
          incomplete: end.error !== undefined || end.timedOut === true,
          body: body.slice(0, maxChars),
          timedOut: end.timedOut ?? false,
        });
        end.abort?.();
      };
      try {
        const request = nodeClientRequest(url, options);
        const abort = () => request.destroy();
        cancelTimeout = delay(() => finish({ timedOut: true, abort }), timeoutMs);
        request.on('error', (error) => finish({ error }));
        request.on('response', (answer) => {
          response = answer;
          answer.setEncoding('utf8');
          answer.on('data', (text: string) => {
            body += text;
            if (body.length >= maxChars) finish({ abort });
          });
          answer.on('end', () => finish({}));
          // Cut in the middle: what was received counts.
          answer.on('error', (error) => finish({ error }));
        });
        request.end(sent);
      } catch (error) {
        finish({ error });
      }
    });
  }

  return {
    async request({ url, method = 'GET', body, timeoutMs, tls }) {
      const startedMs = monotonicMs();
      const headers = body === undefined ? {} : textHeaders(body, 'text/plain;charset=UTF-8');
      // A connection of its own: a pooled one would not show what a new one meets.
      const options: RequestOptions = { agent: false, ...tls, method, headers };
      const { response, code, timedOut, ...read } = await exchange(url, options, body, MAX_PROBE_BODY_CHARS, timeoutMs);
      const durationMs = monotonicMs() - startedMs;
      const status = response?.statusCode;
      if (!response || status === undefined) {
        return { result: timedOut ? 'timeout' : 'failed', ...(code ? { code } : {}), durationMs };
      }
      if (status >= 300 && status < 400 && response.headers.location)
        return { result: 'redirected', status, durationMs };
      const contentType = response.headers['content-type'];
      const proxy = knownProxy((name) => String(response.headers[name] ?? ''));
      const answer: HttpAnswer = {
        result: 'answered',
        status,
        body: read.body,
        durationMs,
        headerNames: Object.keys(response.headers),
        ...(read.incomplete && { incomplete: true as const }),
        ...(proxy && { proxy }),
      };
      return contentType ? { ...answer, contentType } : answer;
    },

    async post({ url, body: text, packed, contentType, timeoutMs, headers }) {
      const sent = packed ?? text;
      const options: RequestOptions = {
        method: 'POST',
        headers: { ...headers, ...textHeaders(sent, contentType), ...(packed && { 'content-encoding': 'gzip' }) },
      };
      const { response, body, incomplete } = await exchange(url, options, sent, MAX_POST_ANSWER_CHARS, timeoutMs);
      const answer = { status: response?.statusCode ?? 0, body, isIncomplete: incomplete };
      return postAnswer(answer, response?.headers['retry-after'], now());
    },
  };
}

function textHeaders(body: string | Uint8Array, contentType: string): Record<string, string | number> {
  return { 'content-type': contentType, 'content-length': Buffer.byteLength(body) };
}
