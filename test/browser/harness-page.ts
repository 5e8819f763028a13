import { withDiagnostics } from '../../src/index.js';
import {
  type ClientEvent,
  type ClientScript,
  type Connect,
  driveClient,
  type Wrap,
} from '../faults/_kit/drive-client.js';
import { startPageSpy } from '../privacy/page-spy.js';
import { watchRequests } from './watch-requests.js';

/** What the test page offers to the harness. */
export interface HarnessPage {
  startClient(script: ClientScript): void;
  stopClient(): void | Promise<void>;
}

const page = globalThis as unknown as HarnessPage & {
  __name?: (named: unknown) => unknown;
  /** Defined by the client's bundle. */
  readonly io: Connect;
  /** Defined by the bundled client only. */
  readonly transports?: Readonly<Record<string, unknown>>;
  /** Bound by the harness. */
  readonly report: (event: ClientEvent) => Promise<void>;
};

// esbuild's name keeper, which functions that travel as text may carry along.
page.__name ??= (named) => named;

// Firefox tells its driver of failed requests as if they were errors of the page: what is one is known best here.
const broken = (what: unknown) =>
  void page.report({ type: 'broken', message: `error in the page: ${what}`, isUncaught: true });
// React Native has no such thing.
globalThis.addEventListener?.('error', ({ message }) => broken(message));
globalThis.addEventListener?.('unhandledrejection', ({ reason }) => broken(reason));

page.startClient = (script) => {
  const spy = script.spyFor === undefined ? undefined : startPageSpy(withDiagnostics, script.spyFor);
  // React Native is no page, and a spy looks for itself.
  const asked = globalThis.document && !spy ? watchRequests() : undefined;
  const wrap = script.raw ? undefined : (spy?.wrap ?? (withDiagnostics as unknown as Wrap));
  const stop = driveClient({
    io: page.io,
    wrap,
    script,
    ...(page.transports && { transports: page.transports }),
    report: (event) => void page.report(event),
  });
  page.stopClient = async () => {
    stop();
    if (asked) await page.report({ type: 'asked', ...asked() });
    if (spy) await page.report({ type: 'seen', ...(await spy.finish()) });
  };
};
