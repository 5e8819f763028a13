/** Options of a client, in words where JSON has none: `Infinity` is sent as `null`. */
export function limitsTold(options: object): object {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name, value === null ? 'no limit' : value]),
  );
}
