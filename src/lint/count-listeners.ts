import { type Listening, listen } from '../signals/listen.js';
import type { ListenersCounted } from '../signals/usage.js';
import type { Check } from './checked-socket.js';
import { type ListenerCounts, readListeners } from './read-listeners.js';

/** The client's own events, 1.x to 4.x, and `onAny()`: their names may be reported, those of the app may not. */
const OWN_EVENTS: readonly string[] = [
  'connect',
  'connect_error',
  'connect_timeout',
  'connecting',
  'disconnect',
  'error',
  'onAny',
  'reconnect',
  'reconnect_attempt',
  'reconnect_error',
  'reconnect_failed',
  'reconnecting',
];
/** Number of connects whose counts are compared. */
const MAX_READINGS = 5;
/** Continued growth is reported this often; after that, it is known. */
const MAX_TOLD = 5;

interface Growth {
  readonly event: string;
  readonly listener: string;
  readonly counts: readonly number[];
  readonly added: ListenersCounted['added'];
}

/** Compares the listeners of each event from connect to connect. */
export const countListeners: Check = ({ socket, namespace, delay, found, onInternalError }) => {
  /** After each of the latest connects, oldest first. */
  const readings: ListenerCounts[] = [];
  let before: ListenerCounts | undefined;
  let packets: Listening | undefined;
  let told = 0;
  const cancels = new Set<() => void>();

  const compare = (beforeHandlers: ListenerCounts) => {
    const after = readListeners(socket);
    const growths: Growth[] = [];
    for (const [event, sources] of after) {
      for (const [listener, now] of sources) {
        const countIn = (reading: ListenerCounts | undefined) => reading?.get(event)?.get(listener) ?? 0;
        const counts = [...readings.map(countIn), now];
        const [last = 0, secondLast = 0] = readings.slice(-2).reverse().map(countIn);
        const kept = countIn(beforeHandlers);
        if (readings.length >= 1 && kept >= 1 && now > kept && now > last) {
          growths.push({ event, listener, counts, added: 'in-handler' });
        } else if (readings.length >= 2 && now > last && now - last === last - secondLast) {
          growths.push({ event, listener, counts, added: 'around-connect' });
        }
      }
    }
    readings.push(after);
    if (readings.length > MAX_READINGS) readings.shift();
    tell(growths);
  };

  const tell = (growths: readonly Growth[]) => {
    const inHandler = growths.filter(({ added }) => added === 'in-handler');
    const alike = inHandler.length > 0 ? inHandler : growths;
    const [worst] = [...alike].sort((a, b) => Math.max(...b.counts) - Math.max(...a.counts));
    if (!worst || told >= MAX_TOLD) return;
    told += 1;
    const events = [...new Set(alike.map(({ event }) => event))];
    const functions = alike.map(({ listener }) => listener.replace(/ \d+$/, '')).filter((name) => name !== '');
    found(
      {
        fact: 'listeners-counted',
        ...(OWN_EVENTS.includes(worst.event) && { event: worst.event }),
        events: events.length,
        counts: worst.counts,
        added: worst.added,
      },
      { events, ...(functions.length > 0 && { functions: [...new Set(functions)] }) },
    );
  };

  return {
    onEngine(engine) {
      packets?.stop();
      // The packet that connects the socket comes right before its handlers run: what is added while it waits for that is not theirs.
      const onPacket = () => {
        if (!socket.connected) before = readListeners(socket);
      };
      packets = listen(engine, 'packet', onPacket, onInternalError);
    },
    onSignal(signal) {
      if (signal.kind === 'engine-opened') before = readListeners(socket);
      if (signal.kind !== 'connected' || signal.namespace !== namespace) return;
      // A namespace that connects on an open engine: then at least before the listeners that were added after ours.
      const beforeHandlers = before ?? readListeners(socket);
      before = undefined;
      // After every listener of `connect` has run.
      cancels.add(delay(() => compare(beforeHandlers), 0));
    },
    stop() {
      packets?.stop();
      for (const cancel of cancels) cancel();
    },
  };
};
