import { texts } from './causes/texts.js';
import type { Link, Text } from './diagnosis/text.js';

/** What happened, what to do about it, and where to read more: plain text, the same as in CAUSES.md and the dashboard. */
export interface Explanation {
  readonly summary: string;
  readonly remedy: string;
  /** A line or a few of code or configuration. */
  readonly snippet?: string;
  readonly see: readonly Link[];
}

/** Explains a diagnosis, even one that was stored, or sent by another version: an unknown code gets its documentation link. */
export function explain(diagnosis: {
  readonly code: string;
  readonly title: string;
  readonly details?: object | null;
  readonly docs: string;
}): Explanation {
  // `Object.hasOwn` is newer than some browsers that the client runs in.
  const text = Object.keys(texts).includes(diagnosis.code) ? (texts[diagnosis.code] as Text | undefined) : undefined;
  const details = diagnosis.details ?? {};
  try {
    if (text) {
      const snippet = text.snippet?.(details);
      const { summary, see } = text;
      return { summary, remedy: text.remedy(details), ...(snippet !== undefined && { snippet }), see };
    }
  } catch {
    // Details of another version lack what this text refers to.
  }
  return {
    summary: text?.summary ?? `${diagnosis.title}.`,
    remedy:
      'This version of socket.io-diagnostics does not know the cause as it was reported: update it to read the fix.',
    see: text?.see ?? [{ title: 'Documentation', url: diagnosis.docs }],
  };
}

export type { Link } from './diagnosis/text.js';
