import type { ClientTransport } from './client-shapes.js';
import type { OnInternalError } from './listen.js';
import type { SignalBody } from './signal.js';

/** Clients before 4.5 do not pass on the close code; the WebSocket itself still reports it to its listeners. */
export function watchCloseCode(
  transport: ClientTransport | undefined,
  watched: Map<object, () => void>,
  emit: (body: SignalBody) => void,
  onInternalError: OnInternalError,
): void {
  const socket = transport?.ws;
  if (!socket?.addEventListener || watched.has(socket)) return;
  const onClose = ({ code, wasClean }: { code?: number; wasClean?: boolean }) => {
    if (typeof code !== 'number') return;
    try {
      emit({ kind: 'websocket-closed', closeCode: code, ...(typeof wasClean === 'boolean' && { wasClean }) });
    } catch (error) {
      onInternalError(error);
    }
  };
  socket.addEventListener('close', onClose);
  watched.set(socket, () => socket.removeEventListener?.('close', onClose));
}
