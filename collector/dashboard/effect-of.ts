/** What a cause does to a session, by the phase in which it happens; a phase that is not known here is told as it is. */
const EFFECTS: Readonly<Record<string, string>> = {
  connect: 'cannot connect',
  namespace: 'cannot join its namespace',
  upgrade: 'stays without WebSocket',
  session: 'loses its connection',
  usage: 'use of the socket',
};

/** Phases in which nobody is in yet. */
const KEEPS_OUT: readonly string[] = ['connect', 'namespace'];

export function effectOf(phase: string): string {
  return Object.hasOwn(EFFECTS, phase) ? (EFFECTS[phase] as string) : `phase: ${phase}`;
}

export function keepsOut(phase: string): boolean {
  return KEEPS_OUT.includes(phase);
}
