import { type Listening, listen } from '../signals/listen.js';
import { appFrame } from './app-frame.js';
import type { Check } from './checked-socket.js';
import { parsePacket } from './parse-packet.js';

/** Number of earlier connection ids that are remembered, to recognize one that is sent although it is no longer valid. */
const MAX_EARLIER = 10;
/** Reported at the first message and again after this many: more would only be more of the same. */
const TOLD_AT: readonly number[] = [1, 10, 100];

/**
 * Finds messages that contain the id of their own socket as a whole value, at any depth. Nothing else in a message is examined: its text is
 * searched for the id in quotes.
 */
export const findSocketId: Check = ({ socket, namespace, found, onInternalError }) => {
  const earlier: string[] = [];
  let current: string | undefined;
  let messages = 0;
  let listening: Listening | undefined;
  const count = (isOutdated: boolean, event: string) => {
    if (!isOutdated) messages += 1;
    if (!isOutdated && !TOLD_AT.includes(messages)) return;
    const where = appFrame(socket.emitWithAck, socket.send, socket.emit);
    found(
      { fact: 'socket-id-sent', messages: Math.max(1, messages), outdated: isOutdated },
      { events: [event], ...(where !== undefined && { where }) },
    );
  };
  let wasOutdated = false;
  return {
    onSignal(signal) {
      if (signal.kind !== 'connected' || signal.namespace !== namespace || socket.id === current) return;
      if (current !== undefined) earlier.splice(0, Math.max(0, earlier.length - MAX_EARLIER + 1));
      if (current !== undefined) earlier.push(current);
      current = typeof socket.id === 'string' ? socket.id : undefined;
    },
    onEngine(engine) {
      listening?.stop();
      listening = listen(
        engine,
        'packetCreate',
        (packet) => {
          const data = Object(packet).data;
          const parsed = parsePacket(data);
          if (parsed?.type !== 'event' || parsed.namespace !== namespace) return;
          const has = (id: string | undefined) => id !== undefined && id !== '' && data.includes(JSON.stringify(id));
          if (has(socket.id)) count(false, parsed.event);
          else if (!wasOutdated && earlier.some(has)) {
            wasOutdated = true;
            count(true, parsed.event);
          }
        },
        onInternalError,
      );
    },
    stop: () => listening?.stop(),
  };
};
