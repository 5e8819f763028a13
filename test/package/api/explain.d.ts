interface Link {
    readonly title: string;
    readonly url: string;
}

/** What happened, what to do about it, and where to read more: plain text, the same as in CAUSES.md and the dashboard. */
interface Explanation {
    readonly summary: string;
    readonly remedy: string;
    /** A line or a few of code or configuration. */
    readonly snippet?: string;
    readonly see: readonly Link[];
}
/** Explains a diagnosis, even one that was stored, or sent by another version: an unknown code gets its documentation link. */
declare function explain(diagnosis: {
    readonly code: string;
    readonly title: string;
    readonly details?: object | null;
    readonly docs: string;
}): Explanation;

export { explain };
export type { Explanation, Link };
