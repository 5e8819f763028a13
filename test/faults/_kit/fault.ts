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

/** One cause, broken for real in several different ways. A healthy set-up has the same shape and expects no incident. */
export interface Fault {
  /** Code of the cause, or name of the healthy set-up; also the name of the file. */
  readonly code: string;
  readonly places: readonly Place[];
  /** Browsers in which it can be tried at all; default: every one. */
  readonly engines?: readonly Engine[];
  readonly variants: Readonly<Record<string, FaultVariant>>;
}

export interface FaultVariant {
  /** Places of this variant when they differ from those of the fault. */
  readonly places?: readonly Place[];
  /** Browsers of this variant when they differ from those of the fault. */
  readonly engines?: readonly Engine[];
  /**
   * What may be known at a place, where it is less than a confirmed diagnosis of the fault's own code. What holds in Chromium holds in the
   * other browsers unless they are named.
   */
  readonly expect?: Readonly<Partial<Record<RunPlace, Expectation>>>;
  start(): Promise<RunningFault>;
}

export interface Expectation {
  readonly certainty?: 'confirmed' | 'suspected';
  /** The certainty where the client sends a query or headers of its own, which the questions of the SDK lack; default: the same. */
  readonly certaintyWithOwn?: 'suspected';
  /**
   * `suspected` for good reason: the best guess may be another code of the class as long as the true one is among its alternatives.
   * Other members that must be listed too.
   */
  readonly alternatives?: readonly string[];
  /** Suspected, and still what is named first. */
  readonly best?: true;
  /** The class under whose name it is told: confirmed as such, with the true cause among the alternatives. */
  readonly within?: string;
  /** Other causes that hold too, before or after, and may be told besides. */
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
  /** Origin of the test page where that is what breaks, such as an https one or `file:`; nothing has to listen there. */
  readonly pageUrl?: string;
  /**
   * More options, made in the client: functions and classes do not travel as JSON. Must not use anything from around it, because it
   * travels as text.
   */
  readonly makeOptions?: () => object;
  /** Names of the client's transport classes, from 4.8 on; in a page only of the client `4-bundled`. */
  readonly transportClasses?: readonly string[];
  /** What a blocker in the browser drops: a real extension, in WebKit a content blocker. */
  readonly filter?: RequestFilter;
  /** Firefox only: it keeps the page of `pageUrl` from the local network, as Chromium always does. */
  readonly guardsLocalNetwork?: true;
  /** The app itself throws in the page, which breaks no run then. */
  readonly mayThrow?: true;
  /** The phone, where the client runs in React Native; default: Android, cleartext permitted. */
  readonly platform?: Platform;
  /** Run in the client right after `io()`; must not use anything from around it, because it travels as text. */
  readonly onCreate?: (socket: DrivenSocket, app: DrivenApp) => void;
  /** Run in the client at the first `connect`; must not use anything from around it either. */
  readonly onConnect?: (socket: DrivenSocket, app: DrivenApp) => void;
  /** Run before the client starts, with the page loaded. */
  prepare?(control: ClientControl): Promise<void>;
  /**
   * Run once the socket is connected, over WebSocket where the options let it get there: what breaks a connection that was fine.
   */
  trigger?(control: ClientControl): Promise<void>;
  /** What else must have been seen before a settled answer counts as the last one; default: nothing. */
  enough?(incident: Incident): boolean;
  /** When to give up waiting, from the start of the client; default 30,000 ms. */
  readonly limitMs?: number;
  /** Healthy set-ups: for how long nothing must happen once it is connected; default 1,500 ms. */
  readonly holdMs?: number;
  close(): Promise<void>;
}

/** What the world can do to a client from outside; a Node client can do none of it. */
export interface ClientControl {
  setOffline(offline: boolean): Promise<void>;
  /** Gives the page the permission that browsers ask the user for before it may call addresses of the local network. */
  allowLocalNetwork(): Promise<void>;
  reload(): Promise<void>;
  navigateAway(): Promise<void>;
  goBack(): Promise<void>;
  /** Stops the page for so long: in Chromium as browsers do with tabs in the background, in the others as a device that sleeps does. */
  freeze(ms: number): Promise<void>;
  /** From Wi-Fi to a mobile network. Chromium only. */
  changeNetwork(): Promise<void>;
}
