import type { Incident } from '../../../src/incidents/incident.js';
import type { Engine } from '../../browser/page-driver.js';
import type { RequestFilter } from '../../browser/request-filter.js';
import type { Platform } from '../../react-native/platform-words.js';
import type { ClientVersion } from './client-version.js';
import type { DrivenApp, DrivenSocket } from './drive-client.js';

/**
 * Where a fault makes sense: in Node, in a page of another origin, in a page of the server's own origin, or in a stand-in for
 * React Native. `chromium` stands for every browser.
 */
export type Place = 'node' | 'chromium' | 'chromium-same' | 'react-native';

/** Where a client runs: the browser by its own name. */
export type RunPlace = 'node' | 'react-native' | Engine | `${Engine}-same`;

/** One cause, really broken in several different ways. A healthy setup has the same shape and expects no incident. */
export interface Fault {
  /** Code of the cause, or name of the healthy setup; also the name of the file. */
  readonly code: string;
  readonly places: readonly Place[];
  /** Browsers in which it can be tried at all; default: every one. */
  readonly engines?: readonly Engine[];
  readonly variants: Readonly<Record<string, FaultVariant>>;
}

export interface FaultVariant {
  /** Places of this variant if they differ from those of the fault. */
  readonly places?: readonly Place[];
  /** Browsers of this variant if they differ from those of the fault. */
  readonly engines?: readonly Engine[];
  /**
   * What can be known at a place, if it is less than a confirmed diagnosis of the fault's own code. What holds in Chromium holds in the
   * other browsers unless they are named.
   */
  readonly expect?: Readonly<Partial<Record<RunPlace, Expectation>>>;
  start(): Promise<RunningFault>;
}

export interface Expectation {
  readonly certainty?: 'confirmed' | 'suspected';
  /** The certainty if the client sends a query or headers of its own, which the SDK's probes lack; default: the same. */
  readonly certaintyWithOwn?: 'suspected';
  /**
   * `suspected` for good reason: the best guess may be another code of the class as long as the true one is among its alternatives. Other
   * members must be listed too.
   */
  readonly alternatives?: readonly string[];
  /** Suspected, and still what is named first. */
  readonly best?: true;
  /** The class under whose name it is reported: confirmed as such, with the true cause among the alternatives. */
  readonly within?: string;
  /** Other causes that hold too, before or after, and may also be reported. */
  readonly also?: readonly string[];
  /** Members of `details` that must be equal. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface RunningFault {
  /** First argument of `io()`; empty for a call without a URL. */
  readonly url: string;
  /** Second argument of `io()`, plain JSON. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Default `4`. */
  readonly client?: ClientVersion;
  /** Options of the SDK, plain JSON; default: none. */
  readonly diagnostics?: Readonly<Record<string, unknown>>;
  /** Headers of the test page (cross-origin pages only). */
  readonly pageHeaders?: Readonly<Record<string, string>>;
  /** Origin of the test page if that is what breaks, such as an https one or `file:`; nothing has to listen there. */
  readonly pageUrl?: string;
  /**
   * More options, created in the client: functions and classes cannot be sent as JSON. Must not use anything from its surroundings, because
   * it is sent as text.
   */
  readonly makeOptions?: () => object;
  /** Names of the client's transport classes, from 4.8 on; in a page, only with the client `4-bundled`. */
  readonly transportClasses?: readonly string[];
  /** What a blocker in the browser drops: a real extension, in WebKit a content blocker. */
  readonly filter?: RequestFilter;
  /** Firefox only: it keeps the page of `pageUrl` from the local network, as Chromium always does. */
  readonly guardsLocalNetwork?: true;
  /** The app itself throws in the page, which then does not break the run. */
  readonly mayThrow?: true;
  /** The phone, where the client runs in React Native; default: Android, cleartext permitted. */
  readonly platform?: Platform;
  /** Run in the client right after `io()`; must not use anything from its surroundings, because it is sent as text. */
  readonly onCreate?: (socket: DrivenSocket, app: DrivenApp) => void;
  /** Run in the client at the first `connect`; must not use anything from its surroundings either. */
  readonly onConnect?: (socket: DrivenSocket, app: DrivenApp) => void;
  /** Run before the client starts, with the page loaded. */
  prepare?(control: ClientControl): Promise<void>;
  /** Run once the socket is connected, over WebSocket if the options allow it: what breaks a connection that was fine. */
  trigger?(control: ClientControl): Promise<void>;
  /** What else must have been seen before a settled diagnosis counts as the last one; default: nothing. */
  enough?(incident: Incident): boolean;
  /** When to give up waiting, from the start of the client; default 30,000 ms. */
  readonly limitMs?: number;
  /** Healthy setups: how long nothing must happen once it is connected; default 1,500 ms. */
  readonly holdMs?: number;
  close(): Promise<void>;
}

/** What the world can do to a client from outside; none of it is possible for a Node client. */
export interface ClientControl {
  setOffline(offline: boolean): Promise<void>;
  /** Gives the page the permission for which browsers ask the user before it may call addresses of the local network. */
  allowLocalNetwork(): Promise<void>;
  reload(): Promise<void>;
  navigateAway(): Promise<void>;
  goBack(): Promise<void>;
  /** Suspends the page for this long: in Chromium as browsers do with background tabs, in the others like a device that sleeps. */
  freeze(ms: number): Promise<void>;
  /** From Wi-Fi to a mobile network. Chromium only. */
  changeNetwork(): Promise<void>;
}
