import { globals } from './globals.js';
import { ringLast } from './ring-last.js';
import type { ProbingRuntime, Runtime, WebSocketAnswer } from './runtime.js';
import { createWebSocketDialog, type WebSocketDialog } from './websocket-dialog.js';

/** An Engine.IO 3 server sends `40` right after its open packet; both may arrive in separate tasks. */
const SECOND_MESSAGE_MS = 150;
/** How long `close`, which has the code, may follow `error`: in WebKitGTK 2.50 it can take more than a task. */
const CLOSE_AFTER_ERROR_MS = 100;
const MAX_MESSAGE_CHARS = 4096;

/** Opens a native WebSocket to learn what is at the other end. */
export function browserWebSocket({
  delay,
  monotonicMs,
}: Pick<Runtime, 'delay' | 'monotonicMs'>): ProbingRuntime['openWebSocket'] {
  return ({ url, timeoutMs, firstMessageMs, dialog }) =>
    new Promise((resolve) => {
      const startedMs = monotonicMs();
      const messages: string[] = [];
      let socket: WebSocket | undefined;
      let handshakeMs: number | undefined;
      let endedMs: number | undefined;
      let heard = false;
      let talk: WebSocketDialog | undefined;
      let cancel: () => void = () => {};

      const finish = (result: WebSocketAnswer['result'], closeCode?: number) => {
        cancel();
        const answer: WebSocketAnswer = {
          result,
          messages,
          ...(talk && { replies: talk.replies, sinceLineMs: talk.sinceLineMs() }),
          durationMs: handshakeMs ?? endedMs ?? monotonicMs() - startedMs,
        };
        resolve(closeCode === undefined ? answer : { ...answer, closeCode });
        if (!socket) return;
        socket.onopen = socket.onmessage = socket.onerror = socket.onclose = null;
        try {
          socket.close();
        } catch {
          // It was never open.
        }
      };
      const wait = (ms: number, then: () => void) => {
        cancel();
        cancel = ringLast(delay, ms, then);
      };
      const ended = (closeCode?: number) =>
        finish(heard ? 'message' : handshakeMs === undefined ? 'rejected' : 'closed', closeCode);

      wait(timeoutMs, () => finish('timeout'));
      try {
        const Native = globals().WebSocket;
        if (!Native) throw new Error('no WebSocket');
        socket = new Native(url);
      } catch {
        // Mixed content in Chromium and Firefox, CSP in Firefox and WebKit.
        finish('threw');
        return;
      }
      socket.onopen = () => {
        handshakeMs = monotonicMs() - startedMs;
        wait(firstMessageMs, () => finish('silent'));
      };
      socket.onmessage = ({ data }: MessageEvent) => {
        const message = typeof data === 'string' ? data.slice(0, MAX_MESSAGE_CHARS) : '';
        if (talk) return talk.hear(message);
        if (typeof data === 'string') messages.push(message);
        if (dialog) {
          heard = true;
          talk = createWebSocketDialog(dialog, {
            send: (text) => socket?.send(text),
            wait,
            finish: () => finish('message'),
            monotonicMs,
          });
          return talk.begin();
        }
        if (heard) return finish('message');
        heard = true;
        wait(SECOND_MESSAGE_MS, () => finish('message'));
      };
      socket.onerror = () => {
        endedMs = monotonicMs() - startedMs;
        // Under CSP (Chromium) and for mixed content (WebKit), no `close` comes.
        wait(CLOSE_AFTER_ERROR_MS, () => ended());
      };
      socket.onclose = ({ code }) => ended(code);
    });
}
