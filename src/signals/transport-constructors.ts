/** What a transport needs of its runtime, where it can be missing. */
export type RuntimeConstructor = 'WebSocket' | 'WebTransport' | 'XMLHttpRequest';

/** By the name of the transport. */
export const CONSTRUCTORS: Readonly<Record<string, RuntimeConstructor>> = {
  websocket: 'WebSocket',
  webtransport: 'WebTransport',
};
