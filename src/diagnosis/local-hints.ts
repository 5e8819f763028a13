/**
 * Where in the app's own code a usage check found something. Only what the page itself is told has it, the `diagnosis` event and the
 * console: it names files, functions and events of the app, so it is in no incident, no record and no report.
 */
export interface LocalHints {
  /** Frame of the app's code, as the runtime writes it; absent where the runtime does not tell (outside of V8) or none was running. */
  readonly where?: string;
  /** Names of the app's events that it is about. */
  readonly events?: readonly string[];
  /** Names of the functions that it is about. */
  readonly functions?: readonly string[];
}
