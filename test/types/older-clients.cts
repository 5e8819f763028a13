import { io as io3 } from 'socket.io-client-3';
import { io as io40, type Socket as Socket40 } from 'socket.io-client-4.0';
import { io as io45 } from 'socket.io-client-4.5';
import { withDiagnostics } from 'socket.io-diagnostics';

interface Events {
  greeting: (name: string) => void;
}

const untyped = withDiagnostics(io3('https://example.com'));
untyped.on('greeting', (name: string) => name);
untyped.diagnostics.dispose();

withDiagnostics(io45('https://example.com')).on('disconnect', (reason, description) => [reason, description]);

const typed: Socket40<Events, Events> = io40('https://example.com');
withDiagnostics(typed).on('greeting', (name) => name.toUpperCase());
// @ts-expect-error: the server never emits it
withDiagnostics(typed).on('unknown', () => {});
