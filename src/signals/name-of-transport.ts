/** The name of a transport, which clients up to 2.x give in its place. */
export function nameOf(transport: unknown): string {
  return typeof transport === 'string' ? transport : String(Object(transport).name ?? 'unknown');
}
