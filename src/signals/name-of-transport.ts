/** The name of a transport; clients up to 2.x provide the name in its place. */
export function nameOf(transport: unknown): string {
  return typeof transport === 'string' ? transport : String(Object(transport).name ?? 'unknown');
}
