import { awaitClient } from './await-client.js';
import { observeWebSocket } from './observe-websocket.js';
import type { Probe, ProbeContext } from './probe.js';
import { probeUrl, type UrlParts } from './probe-url.js';
import { watchStandstill } from './watch-standstill.js';

/** How long a server may take to speak first: Engine.IO sends its handshake as soon as the WebSocket opens. */
export const FIRST_MESSAGE_MS = 1_500;

/** Does an Engine.IO server respond over WebSocket at the client's own path? CORS does not govern WebSocket. */
export const websocketHandshake: Probe = {
  name: 'websocket-handshake',
  cost: () => 1,
  isPossible: () => true,
  ask: (context) => askWebSocket(context, {}),
};

/**
 * A WebSocket that nobody has answered for this long is not merely slow; less than what a probe's time limit leaves after waiting for the
 * client.
 */
const IN_VAIN_MS = 3_000;

/** A shorter standstill does not make a WebSocket that was refused at once look like one that was cut after a second. */
const NOTABLE_MS = 300;

/** Chromium delays every WebSocket of a page after about a dozen failures, 1 to 5 s; one or two successes clear it. */
const FAILURES_BEFORE_PAGE_DELAY = 8;
/** Firefox delays the next WebSocket to the same address after each failure: 0.2 to 0.4 s at first, half as long again each time. */
const FAILURES_BEFORE_ADDRESS_DELAY = 2;

/** Whether the browser may wait before it tries; WebKit does not. */
function mayBeHeldBack({ runtime: { engine }, failedWebSockets }: ProbeContext, isUnusedPath: boolean): boolean {
  if (engine === 'firefox') return !isUnusedPath && failedWebSockets >= FAILURES_BEFORE_ADDRESS_DELAY;
  return engine === 'chromium' && failedWebSockets > FAILURES_BEFORE_PAGE_DELAY;
}

/** @param isUnusedPath nobody, including this page, ever requested that path before */
export async function askWebSocket(
  context: ProbeContext,
  { isUnusedPath = false, ...parts }: Omit<UrlParts, 'transport'> & { readonly isUnusedPath?: boolean },
) {
  const client = await awaitClient(context);
  const isFirst = client.freeSinceMs !== undefined;
  const standstill = watchStandstill(context.runtime);
  const answer = await context.runtime.openWebSocket({
    url: probeUrl(context, { transport: 'websocket', ...parts }),
    timeoutMs: context.timeoutMs,
    firstMessageMs: FIRST_MESSAGE_MS,
    ...(context.tls && { tls: context.tls }),
  });
  const isSlowed = standstill() >= NOTABLE_MS && answer.result === 'rejected';
  client.stop();
  const observed = observeWebSocket(answer);
  // A probe that initially waited for the client has been alone since.
  const aloneMs = client.freeSinceMs === undefined ? 0 : context.runtime.monotonicMs() - client.freeSinceMs;
  const isInVain = observed.result === 'timeout' && aloneMs >= IN_VAIN_MS;
  const isHeldBack = (!isFirst && !isInVain) || mayBeHeldBack(context, isUnusedPath);
  const websocket = isHeldBack || isSlowed ? { ...observed, heldBack: true as const } : observed;
  const common = { websocket, durationMs: Math.round(answer.durationMs) };
  if (isHeldBack && observed.result === 'timeout')
    return { answer: 'unknown' as const, why: 'the browser may still have been waiting', ...common };
  const isHandshake = observed.result === 'engineio';
  return {
    answer: isHandshake ? ('yes' as const) : observed.result === 'threw' ? ('unknown' as const) : ('no' as const),
    ...common,
  };
}
