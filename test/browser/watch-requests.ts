/** What the SDK in one page asked the network. */
export interface AskedRequests {
  readonly urls: readonly string[];
  /** WebSockets among them that failed: each is a red line in the console, whose address the client's own may share. */
  readonly failedWebSockets: number;
}

/**
 * Runs in the page, after the client's script, which holds on to the page's own `WebSocket` and asks over `XMLHttpRequest`: what goes
 * through `fetch` and `WebSocket` from now on is the SDK's.
 */
export function watchRequests(): () => AskedRequests {
  const urls: string[] = [];
  let failedWebSockets = 0;
  globalThis.fetch = new Proxy(globalThis.fetch, {
    apply(target, self, given: Parameters<typeof fetch>) {
      urls.push(String(given[0]));
      return Reflect.apply(target, self, given);
    },
  });
  globalThis.WebSocket = new Proxy(globalThis.WebSocket, {
    construct(target, given: ConstructorParameters<typeof WebSocket>) {
      urls.push(String(given[0]));
      const socket = Reflect.construct(target, given) as WebSocket;
      socket.addEventListener('error', () => {
        failedWebSockets += 1;
      });
      return socket;
    },
  });
  return () => ({ urls, failedWebSockets });
}
