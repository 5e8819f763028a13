import { WebSocket as NodeWebSocket } from 'ws';
import { cleartextRefusal, type NodeFailure, type Platform, wordsFor } from './platform-words.js';

/**
 * A stand-in for React Native's WebSocket, made after its sources (Libraries/WebSocket/WebSocket.js, 0.80): a failure is a bare `error`
 * followed by a `close` with 1006, which alone carries the platform's message; up to 0.78 the `error` carried it, too.
 */
export function webSocket(platform: Platform & { readonly tellsWebSocketErrors?: boolean }) {
  return class WebSocket {
    static readonly OPEN = 1;
    readyState = 0;
    binaryType = 'arraybuffer';
    bufferedAmount = 0;
    onopen: ((event: object) => void) | null = null;
    onmessage: ((event: object) => void) | null = null;
    onerror: ((event: object) => void) | null = null;
    onclose: ((event: object) => void) | null = null;
    #socket: NodeWebSocket | undefined;

    constructor(url: string) {
      const target = new URL(url);
      const fail = (message: string) => {
        if (this.readyState === 3) return;
        this.readyState = 3;
        this.onerror?.({ type: 'error', ...(platform.tellsWebSocketErrors && { message }) });
        this.onclose?.({ type: 'close', code: 1006, reason: message });
      };
      if (target.protocol === 'ws:' && !platform.permitsCleartext) {
        setImmediate(() => fail(cleartextRefusal(platform, target)));
        return;
      }
      const socket = new NodeWebSocket(url, { perMessageDeflate: false });
      this.#socket = socket;
      socket.on('open', () => {
        this.readyState = 1;
        this.onopen?.({ type: 'open' });
      });
      socket.on('message', (data, isBinary) => {
        this.onmessage?.({ type: 'message', data: isBinary ? data : data.toString() });
      });
      socket.on('unexpected-response', (_request, { statusCode, statusMessage }) => {
        fail(`Expected HTTP 101 response but was '${statusCode} ${statusMessage}'`);
        socket.terminate();
      });
      socket.on('error', (error: NodeFailure) => fail(wordsFor(platform, target, error)));
      socket.on('close', (code, reason) => {
        if (this.readyState === 3) return;
        this.readyState = 3;
        this.onclose?.({ type: 'close', code, reason: reason.toString() });
      });
    }

    send(data: string) {
      if (this.readyState === 0) throw new Error('INVALID_STATE_ERR');
      this.#socket?.send(data);
    }

    close() {
      if (this.readyState < 2) this.readyState = 2;
      this.#socket?.close();
    }
  };
}
