import type { Signal } from '../signals/signal.js';
import type { Facts } from './facts.js';
import { httpAnswer } from './http-answer.js';

/**
 * Whether something may answer over HTTP that the page is not allowed to read: across origins an answer without CORS headers is opaque,
 * whatever its status. Returns what shows it best, `undefined` once it is excluded.
 */
export function hiddenAnswer(facts: Facts): Signal | undefined {
  const { connecting } = facts;
  if (facts.runtime.kind === 'node' || !connecting?.blind || connecting.handshake || connecting.timedOut)
    return undefined;
  const reachable = facts.probe('http-reachable');
  const websocket = facts.probe('websocket-handshake');
  if (httpAnswer(facts) || reachable?.answer === 'no') return undefined;
  // A WebSocket that came through shows that the server is there and fine.
  if (websocket && websocket.websocket?.result !== 'rejected') return undefined;
  if (facts.probe('other-path')?.answer === 'yes' || facts.probe('unused-path')?.answer === 'yes') return undefined;
  return reachable ?? connecting.signal;
}
