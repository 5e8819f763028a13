import { AsyncLocalStorage } from 'node:async_hooks';
import { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** Every byte of this process's connections while it is watched: what the SDK sent, and what any server said. */
export interface WatchedBytes {
  /** Runs a part of the SDK: what is sent on connections that it makes is the SDK's. */
  asSdk<T>(task: () => T): T;
  readonly sent: string;
  readonly received: string;
  stop(): void;
}

type Write = (this: Socket, writev: boolean, data: unknown, encoding: string, done: unknown) => unknown;

/** Looks at plaintext, also of TLS connections, because those write and read through the same two methods of Node 20 to 26. */
export function watchBytes(): WatchedBytes {
  const inSdk = new AsyncLocalStorage<true>();
  const ofSdk = new WeakSet<Socket>();
  const isKnown = new WeakSet<Socket>();
  let sent = '';
  let received = '';
  const prototype = Socket.prototype as unknown as { _writeGeneric: Write; push: unknown };
  const write = prototype._writeGeneric;
  prototype._writeGeneric = function (this: Socket & { server?: unknown }, writev, data, encoding, done) {
    // The same call comes again once the connection is there.
    if (!isKnown.has(this) && inSdk.getStore()) ofSdk.add(this);
    isKnown.add(this);
    if ((ofSdk.has(this) || this.server) && !this.connecting) {
      const chunks = writev ? (data as { chunk: unknown }[]).map(({ chunk }) => chunk) : [data];
      const text = chunks.map((chunk) => (typeof chunk === 'string' ? chunk : latin1(chunk as Uint8Array))).join('');
      if (ofSdk.has(this)) sent += text;
      // A test page is no secret, and has the texts of the SDK in it.
      else if (text.length < MAX_ANSWER_CHARS) received += text;
    }
    return write.call(this, writev, data, encoding, done);
  };
  prototype.push = function (this: Socket & { server?: unknown }, chunk: unknown, encoding?: BufferEncoding) {
    // What drives a browser comes through pipes.
    if (chunk instanceof Uint8Array && !this.server && this.remoteAddress) received += latin1(chunk);
    return Duplex.prototype.push.call(this, chunk, encoding);
  };
  return {
    asSdk: (task) => inSdk.run(true, task),
    get sent() {
      return sent;
    },
    get received() {
      return received;
    },
    stop() {
      prototype._writeGeneric = write;
      delete prototype.push;
    },
  };
}

const MAX_ANSWER_CHARS = 50_000;

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
