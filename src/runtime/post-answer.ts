import { retryAfterMs } from './retry-after-ms.js';
import type { PostAnswer } from './runtime.js';

/** What a receiver of telemetry responded; `retryAfter` is its header of that name. */
export function postAnswer(
  { status, body, isIncomplete }: Pick<PostAnswer, 'status' | 'body'> & { readonly isIncomplete: boolean },
  retryAfter: string | null | undefined,
  nowMs: number,
): PostAnswer {
  // A response that broke off may have named rejected records, and sending again is safe.
  if (isIncomplete && status >= 200 && status < 300) return { status: 0, body: '' };
  const waitMs = retryAfterMs(retryAfter, nowMs);
  return { status, body, ...(waitMs !== undefined && { retryAfterMs: waitMs }) };
}
