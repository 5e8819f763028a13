/** How a cause affects a session, by the phase in which it happens; an unknown phase is shown as it is. */
const EFFECTS: Readonly<Record<string, string>> = {
  connect: 'cannot connect',
  namespace: 'cannot join its namespace',
  upgrade: 'stays without WebSocket',
  session: 'loses its connection',
  usage: 'misuses its socket',
};

/** Phases in which a session has not got in yet. */
const KEEPS_OUT: readonly string[] = ['connect', 'namespace'];

export function effectOf(phase: string): string {
  return Object.hasOwn(EFFECTS, phase) ? (EFFECTS[phase] as string) : `phase: ${phase}`;
}

export function keepsOut(phase: string): boolean {
  return KEEPS_OUT.includes(phase);
}
