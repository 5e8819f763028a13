import { globals } from './globals.js';
import { networkInformation } from './network-information.js';
import type { PageSignal } from './runtime.js';

type Plain = Exclude<PageSignal['event'], 'csp-violation'>;

/** Listens to what happens to the page, or to the little of it that a worker gets to know. */
export function browserPage(listener: (event: PageSignal) => void): () => void {
  const undo: (() => void)[] = [];
  const { document } = globals();

  function on(target: EventTarget | undefined, name: string, handle: (event: Event) => void): void {
    if (!target?.addEventListener) return;
    target.addEventListener(name, handle);
    undo.push(() => target.removeEventListener(name, handle));
  }
  const connection = networkInformation();
  const kindOf = () => `${connection?.type} ${connection?.effectiveType}`;
  let kind = kindOf();
  const tell = (event: Plain) => () => listener({ event });

  const scope = globals() as unknown as EventTarget;
  on(scope, 'online', tell('online'));
  on(scope, 'offline', tell('offline'));
  // It also fires for every estimate of the speed.
  on(connection, 'change', () => {
    if (kind === kindOf()) return;
    kind = kindOf();
    listener({ event: 'network-changed' });
  });
  if (document) {
    on(scope, 'pagehide', tell('left'));
    on(scope, 'pageshow', (event) => {
      if ((event as PageTransitionEvent).persisted) listener({ event: 'returned' });
    });
    on(document, 'visibilitychange', () =>
      listener({ event: document.visibilityState === 'hidden' ? 'hidden' : 'visible' }),
    );
    on(document, 'freeze', tell('frozen'));
    on(document, 'resume', tell('resumed'));
  }
  // A worker has a policy of its own.
  on(document ?? scope, 'securitypolicyviolation', (event) => {
    const { effectiveDirective, blockedURI, disposition } = event as SecurityPolicyViolationEvent;
    if (!/^(connect|default)-src/.test(effectiveDirective)) return;
    const blocked = blockedURI.replace(/[?#][\s\S]*/, '');
    listener({ event: 'csp-violation', directive: effectiveDirective, blocked, disposition });
  });
  return () => {
    for (const remove of undo.splice(0)) remove();
  };
}
