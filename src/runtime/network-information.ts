import { globals } from './globals.js';

/** The Network Information API, which only Chromium has; `type` is missing on its desktops. */
export interface NetworkInformation extends EventTarget {
  readonly type?: string;
  readonly effectiveType?: string;
  readonly saveData?: boolean;
}

/** Undefined if the platform has none. */
export function networkInformation(): NetworkInformation | undefined {
  return (globals().navigator as { connection?: NetworkInformation } | undefined)?.connection;
}
