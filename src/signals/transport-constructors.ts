/** What a transport needs from its runtime, if that can be missing. */
export type RuntimeConstructor = 'WebSocket' | 'WebTransport' | 'XMLHttpRequest';

/** By the name of the transport. */
export const CONSTRUCTORS: Readonly<Record<string, RuntimeConstructor>> = {
  websocket: 'WebSocket',
  webtransport: 'WebTransport',
};
