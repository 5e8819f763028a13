import type { ClientEvent } from '../faults/_kit/drive-client.js';
import type { RequestFilter } from './request-filter.js';

/** Browsers in which a fault can run. */
export type Engine = 'chromium' | 'firefox' | 'webkit';

/** The page in which a client is to run. */
export interface TestPage {
  readonly address: string;
  /**
   * `served`: a server of the tests answers at the address. `invented`: nothing that listens there knows of the page, so the driver has
   * to put it there.
   */
  readonly origin: 'served' | 'invented';
  /** Everything inline: it must not need a second request to a server that may be broken. */
  readonly html: string;
  /** What a blocker in the browser drops while the page is open. */
  readonly filter?: RequestFilter;
  /** Firefox only: it keeps the page from the local network, as Chromium always does. */
  readonly guardsLocalNetwork?: true;
  /** The scripts of that document, for a driver that can only add them to a document that is there. */
  readonly scripts: readonly string[];
}

/** One browser, started when it is first needed. */
export interface PageDriver {
  /** Opens an empty page in a profile of its own; what the client in it reports arrives by the driver's own channel. */
  open(page: TestPage, report: (event: ClientEvent) => void): Promise<DrivenPage>;
  close(): Promise<void>;
}

export interface DrivenPage {
  /** Loads the page, also for another time. */
  load(): Promise<void>;
  /** Calls a function that the page's script left on the global object, if it is there, with one plain argument. */
  call(name: 'startClient' | 'stopClient', argument?: unknown): Promise<void>;
  setOffline(offline: boolean): Promise<void>;
  /** Gives the page what Chromium asks the user for; absent where nobody asks. */
  allowLocalNetwork?(): Promise<void>;
  navigateAway(): Promise<void>;
  /** Goes back to the page before: browsers may have kept it as it was. */
  goBack(): Promise<void>;
  freeze?(ms: number): Promise<void>;
  changeNetwork?(): Promise<void>;
  close(): Promise<void>;
}

/** This browser has no means to set up the run: nothing was tried, so nothing is wrong. */
export class CannotRun extends Error {}
