import type { PostAnswer } from '../runtime/runtime.js';
import type { DiagnosticsRecord } from './envelope.js';
import { isPage, isSuccess, judgeFailure, type PostSinkOptions, postSink } from './post-sink.js';
import type { Sink } from './sink.js';

/** Options of `httpSink`. */
export interface HttpSinkOptions extends PostSinkOptions {}

/**
 * Responses about the records or, with 410, from somebody who took the receiver away for good. All others are about the way there: a proxy
 * without its route (404, 405), a login (401, 403), a key that was replaced and that the next release of the page knows.
 */
const FINAL = [400, 410, 422];

/** Sends records to a collector: one POST of `text/plain` per batch, which browsers send to another origin without a preflight. */
export function httpSink(url: string, options: HttpSinkOptions = {}): Sink {
  return postSink('httpSink', url, options, {
    contentType: 'text/plain;charset=UTF-8',
    takesBeacons: true,
    encode: (records, envelope) => JSON.stringify({ ...envelope, records }),
    judge(answer, records) {
      if (isSuccess(answer)) return { ok: true, rejected: rejectedIds(answer, records) };
      return judgeFailure(
        answer,
        (status) => [408, 425, 429].includes(status) || status >= 500,
        // A proxy in front may have a limit of its own, and says so with a page of its own.
        (status) => status === 413 || (FINAL.includes(status) && !isPage(answer)),
      );
    },
  });
}

/** The body is read as a `CollectorAnswer` if it is one; another receiver may say anything. */
function rejectedIds({ body }: PostAnswer, records: readonly DiagnosticsRecord[]): string[] {
  try {
    const { rejected } = JSON.parse(body) as { rejected?: { index?: number; id?: string }[] };
    return (rejected ?? []).map(({ id, index }) => id ?? records[index ?? -1]?.id ?? '');
  } catch {
    return [];
  }
}
