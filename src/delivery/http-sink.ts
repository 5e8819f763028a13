import type { PostAnswer } from '../runtime/runtime.js';
import type { DiagnosticsRecord } from './envelope.js';
import { isSuccess, judgeFailure, type PostSinkOptions, postSink } from './post-sink.js';
import type { Sink } from './sink.js';

/** Options of `httpSink`. */
export interface HttpSinkOptions extends PostSinkOptions {}

/** Sends records to a collector: one POST of `text/plain` per batch, which browsers send to another origin without a preflight. */
export function httpSink(url: string, options: HttpSinkOptions = {}): Sink {
  return postSink('httpSink', url, options, {
    contentType: 'text/plain;charset=UTF-8',
    takesBeacons: true,
    encode: (records, envelope) => JSON.stringify({ ...envelope, records }),
    judge(answer, records) {
      if (isSuccess(answer)) return { ok: true, rejected: rejectedIds(answer, records) };
      return judgeFailure(answer, (status) => [408, 425, 429].includes(status) || status >= 500);
    },
  });
}

/** The answer's body is read as a `CollectorAnswer` where it is one; another receiver may say anything. */
function rejectedIds({ body }: PostAnswer, records: readonly DiagnosticsRecord[]): string[] {
  try {
    const { rejected } = JSON.parse(body) as { rejected?: { index?: number; id?: string }[] };
    return (rejected ?? []).map(({ id, index }) => id ?? records[index ?? -1]?.id ?? '');
  } catch {
    return [];
  }
}
