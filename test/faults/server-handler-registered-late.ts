import type { ClientVersion } from './_kit/client-version.js';
import type { Fault, FaultVariant, RunningFault } from './_kit/fault.js';
import { startLintServer } from './_kit/lint-server.js';

const suspected = { node: { certainty: 'suspected' }, chromium: { certainty: 'suspected' } } as const;

type Reply = (value: string) => void;

/** A `connection` handler that waits for its database before it listens. */
function late(
  onConnect: RunningFault['onConnect'],
  client: ClientVersion = '4',
  options: Record<string, unknown> = {},
  lateMs = 600,
): FaultVariant['start'] {
  return async () => {
    const { url, close } = await startLintServer((io) =>
      io.on('connection', async (socket) => {
        await new Promise((resolve) => setTimeout(resolve, lateMs));
        socket.on('hello', (_value: unknown, reply: Reply) => reply('welcome'));
        socket.on('list', (_value: unknown, reply: Reply) => reply('one, two'));
      }),
    );
    return {
      url,
      options,
      client,
      diagnostics: { lint: true },
      ...(onConnect && { onConnect }),
      limitMs: 45_000,
      close,
    };
  };
}

/** Asks twice at once, and again when it gave up. */
const askedAgain: RunningFault['onConnect'] = (socket) => {
  const ask = () => socket.emit('hello', 1, () => {});
  ask();
  ask();
  setTimeout(ask, 1_500);
};

/** The same with the client's own timeout. */
const askedAgainWithTimeout: RunningFault['onConnect'] = (socket) => {
  const ask = (patienceMs: number) =>
    (socket as unknown as { timeout(ms: number): typeof socket })
      .timeout(patienceMs)
      .emit('hello', 1, (_error: unknown) => {});
  ask(400);
  ask(400);
  setTimeout(() => ask(5_000), 4_000);
};

/** At first the server may only be slow. */
function certain(start: FaultVariant['start']): FaultVariant['start'] {
  return async () => ({ ...(await start()), enough: ({ diagnosis }) => diagnosis.certainty === 'confirmed' });
}

export const fault: Fault = {
  code: 'server-handler-registered-late',
  places: ['node', 'chromium'],
  variants: {
    'asked-again': { start: certain(late(askedAgainWithTimeout, '4', {}, 2_000)) },
    'client-4.5': { start: certain(late(askedAgainWithTimeout, '4.5', {}, 2_000)) },
    // Without a timeout in the client it takes longer to know that no answer comes.
    'client-4.0': { start: certain(late(askedAgain, '4.0')) },
    'client-3': { start: certain(late(askedAgain, '3')) },
    'client-2': { start: certain(late(askedAgain, '2')) },
    'ack-timeout-option': {
      expect: suspected,
      start: late(
        (socket) => {
          socket.emit('hello', 1, () => {});
          setTimeout(() => socket.emit('hello', 2, () => {}), 1_500);
        },
        '4',
        { ackTimeout: 500, transports: ['websocket'] },
      ),
    },
    'emit-with-ack': {
      expect: suspected,
      start: late((socket) => {
        const patient = (
          socket as unknown as { timeout(ms: number): { emitWithAck(...values: unknown[]): Promise<unknown> } }
        ).timeout(800);
        patient.emitWithAck('hello', 1).catch(() => patient.emitWithAck('hello', 1));
      }),
    },
    // What is asked later is something else: a handler that never answers would look the same.
    'another-event': {
      expect: suspected,
      start: late((socket) => {
        const patient = (socket as unknown as { timeout(ms: number): typeof socket }).timeout(500);
        patient.emit('hello', 1, () => {});
        setTimeout(() => socket.emit('list', 1, () => {}), 1_500);
      }),
    },
  },
};
