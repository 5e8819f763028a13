import { connect } from 'node:net';

export interface RawOptions {
  /** Ends the connection once so many answers are here. Absent: when the server ends it, or has said nothing for a moment to what may go on. */
  readonly answers?: number;
  /** Leaves at once, without reading anything. */
  readonly hangUp?: boolean;
}

/** After it the sender says that nothing more will come; what the server does then is waited for. */
const PATIENCE_MS = 500;

/** What a server says to bytes that are written to it as they are. */
export function rawExchange(
  address: string,
  parts: readonly (string | Uint8Array)[],
  { answers = Number.POSITIVE_INFINITY, hangUp = false }: RawOptions = {},
): Promise<string> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let said = '';
    let timer: NodeJS.Timeout | undefined;
    const end = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(said);
    };
    const wait = () => {
      clearTimeout(timer);
      if (answers === Number.POSITIVE_INFINITY) timer = setTimeout(() => socket.end(), PATIENCE_MS);
    };
    socket.on('data', (chunk) => {
      said += chunk.toString('latin1');
      if (statusesIn(said).length >= answers) end();
      else wait();
    });
    socket.on('error', end);
    socket.on('close', end);
    socket.on('connect', () => {
      for (const part of parts) socket.write(part);
      if (hangUp) end();
      else wait();
    });
  });
}

/** Statuses of all answers in what was said. */
export function statusesIn(said: string): number[] {
  return [...said.matchAll(/HTTP\/1\.[01] (\d{3}) /g)].map(([, status]) => Number(status));
}
