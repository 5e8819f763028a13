import { withDiagnostics } from 'socket.io-diagnostics';

// Clients 1.x and 2.x have their types from DefinitelyTyped, which declare a global.
const socket: SocketIOClient.Socket = io('https://example.com');
withDiagnostics(socket).on('greeting', (name: string) => name);
withDiagnostics(socket).diagnostics.dispose();
// @ts-expect-error: no such member
withDiagnostics(socket).diagnostic;
