import type { ConnectionObserver, LintedMember } from './connection-observer.js';
import type { Judges } from './judges.js';
import { type MisuseSentences, misuseSentences } from './misuse-sentences.js';
import type { Runtime } from './runtime/runtime.js';
import type { SharedDeliveries } from './shared-deliveries.js';

/** One SDK in one runtime: what all sockets of a page or process share. */
export interface Page {
  readonly runtime: Runtime;
  readonly judges: Judges;
  readonly observers: WeakMap<object, ConnectionObserver>;
  /** Managers whose session uses long-polling, with the host that they hold a connection to. */
  readonly polling: Map<object, string>;
  readonly deliveries: SharedDeliveries;
  /** What has already been reported to the developer. */
  readonly told: Set<string>;
  /** Created with the first socket whose use is checked. */
  lint?: Pick<LintedMember, 'checks' | 'register'>;
}

/** Writes to the console once per `key`; with `inDevelopment`, not in a production build. */
export function tellOnce({ told, runtime }: Page, key: string, message: string, inDevelopment = false): void {
  try {
    if (told.has(key) || (inDevelopment && !runtime.isDevelopment())) return;
    told.add(key);
    runtime.warn(message);
  } catch {
    // Without a console there is nobody to report to.
  }
}

/** Reports to the developer what is wrong with a call; does nothing in a production build. */
export function tellMisuse<Name extends keyof MisuseSentences>(
  page: Page,
  name: Name,
  ...about: Parameters<MisuseSentences[Name]>
): void {
  const sentences = misuseSentences();
  if (!sentences || !page.runtime.isDevelopment()) return;
  const say: (...about: never[]) => string = sentences[name];
  const message = say(...(about as never[]));
  tellOnce(page, message, message);
}
