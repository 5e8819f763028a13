/**
 * Where in the app's own code a usage check found something. Only the `diagnosis` event and the console within the page get it: it names
 * files, functions and events of the app, so it is in no incident, record or report.
 */
export interface LocalHints {
  /** Frame of the app's code, as the runtime writes it; absent if the runtime does not report it (outside of V8) or none was running. */
  readonly where?: string;
  /** Names of the app's events concerned. */
  readonly events?: readonly string[];
  /** Names of the functions concerned. */
  readonly functions?: readonly string[];
}
