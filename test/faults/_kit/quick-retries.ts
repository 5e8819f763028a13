/** Client options that merely save time: by default, the back-off starts at 1,000 ms. */
export const quickRetries = { reconnectionDelay: 100, reconnectionDelayMax: 500 } as const;
