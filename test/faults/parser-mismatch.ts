import { createRequire } from 'node:module';
import type { Fault, FaultVariant, RunningFault } from './_kit/fault.js';
import { quickRetries } from './_kit/quick-retries.js';
import { type SocketIoSetup, startSocketIo } from './_kit/socketio-server.js';

const msgpack = createRequire(import.meta.url)('socket.io-msgpack-parser');

function variant(setup: SocketIoSetup, running: Partial<RunningFault> = {}): FaultVariant {
  return {
    start: async () => {
      const { url, close } = await startSocketIo(setup);
      return { url, options: quickRetries, ...running, close };
    },
  };
}

const msgpackServer: SocketIoSetup = { options: { parser: msgpack } };

/** The parser of the documentation's example: packets as JSON objects. */
function makeJsonParser() {
  class Encoder {
    encode(packet: object) {
      return [JSON.stringify(packet)];
    }
  }
  class Decoder {
    readonly listeners: ((packet: unknown) => void)[] = [];
    on(_event: string, listener: (packet: unknown) => void) {
      this.listeners.push(listener);
    }
    off() {}
    removeListener() {}
    removeAllListeners() {}
    add(chunk: string) {
      const packet = JSON.parse(chunk);
      if (typeof packet.type !== 'number') throw new Error('invalid format');
      for (const listener of this.listeners) listener(packet);
    }
    destroy() {}
  }
  return { parser: { Encoder, Decoder } };
}

export const fault: Fault = {
  code: 'parser-mismatch',
  places: ['node', 'chromium'],
  variants: {
    'msgpack-server': { ...variant(msgpackServer), places: ['node', 'chromium', 'chromium-same'] },
    'msgpack-server-websocket': variant(msgpackServer, { options: { transports: ['websocket'], ...quickRetries } }),
    'msgpack-server-polling': variant(msgpackServer, { options: { transports: ['polling'], ...quickRetries } }),
    'msgpack-client': { ...variant({}, { client: '4-msgpack' }), places: ['node', 'chromium', 'chromium-same'] },
    'msgpack-client-websocket': variant(
      {},
      { client: '4-msgpack', options: { transports: ['websocket'], ...quickRetries } },
    ),
    'msgpack-client-on-3': variant({ version: '3' }, { client: '4-msgpack' }),
    'json-client': variant({}, { makeOptions: makeJsonParser }),
    'json-server': variant({ options: makeJsonParser() }),
    'custom-namespace': {
      start: async () => {
        const { url, close } = await startSocketIo({ ...msgpackServer, setup: (io) => void io.of('/chat') });
        return { url: `${url}/chat`, options: quickRetries, close };
      },
    },
    'client-4.5': variant(msgpackServer, { client: '4.5' }),
    'client-4.0': variant({ ...msgpackServer, version: '4.0' }, { client: '4.0' }),
    'client-3': variant({ ...msgpackServer, version: '3' }, { client: '3' }),
  },
};
