/** The prose of a cause, separate from its rule so that a page that never explains does not download it. */
export interface Text<Details extends object = object> {
  /** What happened and why, in full sentences. */
  readonly summary: string;
  /** What to do, addressed to whoever `fixedBy` names. */
  remedy(details: Details): string;
  /** A line or a few of code or configuration. */
  snippet?(details: Details): string;
  readonly see: readonly Link[];
}

export interface Link {
  readonly title: string;
  readonly url: string;
}
