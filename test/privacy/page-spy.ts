import type { Diagnostics } from '../../src/diagnostics.js';
import type { DiagnosticsOptions } from '../../src/options.js';
import type { SocketLike } from '../../src/signals/client-shapes.js';
import type { DrivenSocket, Wrap } from '../faults/_kit/drive-client.js';
import type { Outlet } from './find-leaks.js';
import { secret } from './seed-script.js';

/** What one page said, asked, kept and showed. */
export interface PageSighting {
  readonly outlets: readonly Outlet[];
  readonly ids: readonly string[];
}

/**
 * Runs in the page, after the client's script, which holds on to the page's own `WebSocket` and asks over `XMLHttpRequest`: what goes
 * through `fetch` and `WebSocket` from now on is the SDK's.
 */
export function startPageSpy(
  withDiagnostics: (socket: SocketLike, options: DiagnosticsOptions) => { readonly diagnostics: Diagnostics },
  collector: string,
): { readonly wrap: Wrap; finish(): Promise<PageSighting> } {
  const asked: unknown[] = [];
  const posted: unknown[] = [];
  const written: string[] = [];
  const told: unknown[] = [];
  const ids = new Set<string>();
  const handles: Diagnostics[] = [];

  // React Native has none of these.
  if (globalThis.document) {
    // biome-ignore lint/suspicious/noDocumentCookie: browsers without a CookieStore are spied on, too
    document.cookie = `session=${secret('cookie')}`;
    history.replaceState(
      null,
      '',
      `?${location.search.slice(1)}&key=${secret('page-query')}#${secret('page-fragment')}`,
    );
    localStorage.setItem('app', secret('storage'));
  }
  const { fetch, WebSocket } = globalThis;
  globalThis.fetch = (url, init) => {
    (init?.keepalive === undefined ? asked : posted).push([String(url), { ...init, signal: undefined }]);
    return fetch(url, init);
  };
  globalThis.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      asked.push([String(url), protocols]);
    }
  };
  for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    console[name] = (...values: unknown[]) => void written.push(values.map(String).join(' '));
  }

  return {
    wrap: ((socket: DrivenSocket & { id?: string; io: { engine?: { id?: string } } }) => {
      const remember = () => {
        for (const id of [socket.id, socket.io.engine?.id]) if (id) ids.add(id);
      };
      const { diagnostics } = withDiagnostics(socket as unknown as SocketLike, {
        app: { name: 'app', release: '1.0.0' },
        collector: `${collector}/v1/records`,
        console: true,
      });
      handles.push(diagnostics);
      for (const event of ['incident', 'diagnosis', 'session', 'attempt', 'transport'] as const) {
        diagnostics.on(event, (event) => {
          remember();
          told.push(event);
        });
      }
      socket.on('connect', () => {
        remember();
        socket.on(secret('listened'), () => {});
        socket.emit(secret('event'), { password: secret('payload') });
      });
      return socket;
    }) as unknown as Wrap,
    async finish() {
      const shown = handles.map((handle) => [handle.report(), handle.snapshot(), handle.current]);
      for (const handle of handles) await handle.flush();
      const kept = Object.entries(globalThis.localStorage ?? {}).filter(([key]) => key !== 'app');
      return {
        ids: [...ids],
        outlets: [
          { where: 'what the page posted', text: JSON.stringify(posted) },
          { where: 'what the page asked', text: JSON.stringify(asked), isProbe: true },
          { where: 'what is kept in storage', text: JSON.stringify([kept, await indexedDbTexts()]) },
          { where: 'what was written to the console', text: written.join('\n') },
          { where: 'the report or a snapshot', text: JSON.stringify(shown) },
          { where: 'an event of the handle', text: JSON.stringify(told) },
        ],
      };
    },
  };
}

/** Everything in every database of the page's origin: the test page itself has none. */
async function indexedDbTexts(): Promise<string[]> {
  const done = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const texts: string[] = [];
  if (!globalThis.indexedDB) return texts;
  for (const { name } of await indexedDB.databases()) {
    const database = await done(indexedDB.open(name ?? ''));
    for (const store of database.objectStoreNames) {
      const all = database.transaction(store).objectStore(store);
      texts.push(name ?? '', store, JSON.stringify([await done(all.getAllKeys()), await done(all.getAll())]));
    }
    database.close();
  }
  return texts;
}
