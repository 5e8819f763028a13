/** Client options that only save time: the back-off starts at 1,000 ms by default. */
export const quickRetries = { reconnectionDelay: 100, reconnectionDelayMax: 500 } as const;
