/** Codes that were once published and must never be used again, with the code that took their place. */
export const retired: Readonly<Record<string, string>> = {};
