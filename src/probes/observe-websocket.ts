import type { WebSocketAnswer } from '../runtime/runtime.js';
import { classifyBody } from '../signals/classify-body.js';
import type { WebSocketObservation } from '../signals/signal.js';

/** Reduces a result to what may be stored: a message becomes whether it was an Engine.IO handshake. */
export function observeWebSocket(answer: WebSocketAnswer): WebSocketObservation {
  const { result, messages, closeCode, status, body, code } = answer;
  const [first, second] = messages;
  const isHandshake = first?.startsWith('0{') === true && first.includes('"sid"');
  return {
    result: result === 'message' ? (isHandshake ? 'engineio' : 'other') : result,
    ...(status !== undefined && { status }),
    ...(body !== undefined && { body: classifyBody(body, status) }),
    ...(closeCode !== undefined && { closeCode }),
    ...(code !== undefined && { code }),
    // Servers 1.x and 2.x connect the default namespace unasked.
    ...(isHandshake && { protocol: second?.startsWith('40') ? (3 as const) : (4 as const) }),
  };
}
