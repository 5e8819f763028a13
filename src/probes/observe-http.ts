import type { HttpAnswer } from '../runtime/runtime.js';
import { classifyBody } from '../signals/classify-body.js';
import type { HttpObservation } from '../signals/signal.js';

/** Reduces an answer to what may be stored: the body becomes its kind. */
export function observeHttp(answer: HttpAnswer): HttpObservation {
  const { result, status, body, code, proxy } = answer;
  return {
    result,
    ...(status !== undefined && { status }),
    ...(result === 'answered' && body !== undefined && { body: classifyBody(body, status) }),
    ...(code !== undefined && { code }),
    ...(proxy !== undefined && { proxy }),
  };
}
