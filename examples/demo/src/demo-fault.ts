/** Headings of the panel, in its order. */
export const faultGroups = ['Cannot connect', 'Stuck in polling', 'Gets disconnected', 'Refused'] as const;

/** One thing that breaks for real, as the panel of the page offers it. */
export interface DemoFault {
  /** Name in the URL of the page: `#fault=<name>`. */
  readonly name: string;
  readonly group: (typeof faultGroups)[number];
  readonly title: string;
  /** One sentence: what is really broken. */
  readonly broken: string;
  /** What the page must report in the end; the page itself does not get to know. */
  readonly expect: { readonly code: string; readonly certainty: 'confirmed' | 'suspected' };
  start(): Promise<StartedFault>;
}

export interface StartedFault {
  /** First argument of `io()`. */
  readonly url: string;
  /** Second argument of `io()`, plain JSON. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Size of one message that the page sends once it is connected. */
  readonly sendsBytes?: number;
  /**
   * Breaks what worked; called once the page is connected. `tell` shows in the page what has just happened on this side; `signal` aborts
   * when the page is gone.
   */
  breakIt?(tell: (what: string) => void, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
