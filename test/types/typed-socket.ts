import { io, type Socket } from 'socket.io-client';
import { withDiagnostics, wrapIo } from 'socket.io-diagnostics';

interface ServerToClient {
  greeting: (name: string, count: number) => void;
}
interface ClientToServer {
  save: (text: string, done: (ok: boolean) => void) => void;
}
type Typed = Socket<ServerToClient, ClientToServer>;

const plain: Typed = io('https://example.com');
const socket = withDiagnostics(plain);

socket.on('greeting', (name, count) => {
  name.toUpperCase();
  count.toFixed();
});
socket.emit('save', 'text', (ok) => ok === true);
export const saved: Promise<boolean> = socket.timeout(1_000).emitWithAck('save', 'text');
export const back: Typed = socket;
socket.on('connect', () => {}).diagnostics.dispose();

// @ts-expect-error: the server never emits it
socket.on('unknown', () => {});
// @ts-expect-error: the first argument is a string
socket.on('greeting', (name: number) => name);
// @ts-expect-error: it takes a text
socket.emit('save', 1, () => {});
// @ts-expect-error: the handle is not to be replaced
socket.diagnostics = undefined;

// @ts-expect-error: not a socket
withDiagnostics(42);
// @ts-expect-error: not a socket
withDiagnostics({});
// @ts-expect-error: an emitter is no socket
withDiagnostics({ on() {}, off() {} });
// @ts-expect-error: an option that does not exist
withDiagnostics(plain, { colector: 'https://telemetry.example.com' });

const wrapped: typeof io = wrapIo(io);
wrapped('https://example.com', { transports: ['websocket'] }).emit('anything', 1);
// @ts-expect-error: the options stay those of the client
wrapped('https://example.com', { transports: 'websocket' });

export const untyped = withDiagnostics(io());
untyped.on('anything', (first, second) => [first, second]);
