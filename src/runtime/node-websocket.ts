import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { nodeClientRequest } from './node-client-request.js';
import { ringLast } from './ring-last.js';
import type { ProbingRuntime, Runtime, WebSocketAnswer } from './runtime.js';
import { serverFrames } from './server-frames.js';
import { systemErrorCode } from './system-error-code.js';
import { createWebSocketDialog, type WebSocketDialog } from './websocket-dialog.js';

/** An Engine.IO 3 server sends `40` right after its open packet; both may arrive in separate packets. */
const SECOND_MESSAGE_MS = 150;
const MAX_MESSAGE_CHARS = 4096;
/** How long the body of a refusal may take. */
const BODY_MS = 500;
/** RFC 6455, section 1.3. */
const ACCEPT_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
/** What clients themselves say about a frame that breaks the protocol (RFC 6455, section 7.4.1). */
const INVALID_FRAME = 1002;
/** Code 1000, masked with a key of zeros. */
const CLOSE_FRAME = /* @__PURE__ */ Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8]);

/**
 * The WebSocket handshake done by hand: Node 20 has no WebSocket, and no implementation reports the status or the error code of a refusal.
 */
export function nodeWebSocket({
  delay,
  monotonicMs,
}: Pick<Runtime, 'delay' | 'monotonicMs'>): ProbingRuntime['openWebSocket'] {
  return ({ url, timeoutMs, firstMessageMs, dialog, tls }) =>
    new Promise((resolve) => {
      const startedMs = monotonicMs();
      const messages: string[] = [];
      let handshakeMs: number | undefined;
      let heard = false;
      let conversation: WebSocketDialog | undefined;
      let over = false;
      let cancel: () => void = () => {};
      let hangUp: () => void = () => {};

      const finish = (
        result: WebSocketAnswer['result'],
        told: { closeCode?: number; status?: number; body?: string; error?: unknown } = {},
      ) => {
        if (over) return;
        over = true;
        cancel();
        const code = systemErrorCode(told.error);
        resolve({
          result,
          messages,
          ...(conversation && { replies: conversation.replies, sinceLineMs: conversation.sinceLineMs() }),
          ...(told.closeCode === undefined ? {} : { closeCode: told.closeCode }),
          ...(told.status === undefined ? {} : { status: told.status }),
          ...(told.body === undefined ? {} : { body: told.body }),
          ...(code ? { code } : {}),
          durationMs: handshakeMs ?? monotonicMs() - startedMs,
        });
        hangUp();
      };
      const wait = (ms: number, then: () => void) => {
        cancel();
        cancel = ringLast(delay, ms, then);
      };

      const talk = (socket: Socket, head: Buffer) => {
        handshakeMs = monotonicMs() - startedMs;
        hangUp = () => {
          if (socket.writable) socket.end(CLOSE_FRAME);
          // A server that does not close its side must not keep the descriptor.
          delay(() => socket.destroy(), 1000);
        };
        const ended = (told: { closeCode?: number; error?: unknown }) =>
          finish(heard ? 'message' : 'closed', { closeCode: 1006, ...told });
        const read = serverFrames();
        const listen = (bytes: Buffer) => {
          if (over) return;
          for (const { opcode, payload, isValid } of read(bytes)) {
            // Valid or not: a second HTTP response after the 101 is recognized by what its first letters mean as a close frame.
            if (opcode === 0x8) return ended({ closeCode: payload.length > 1 ? payload.readUInt16BE(0) : 1005 });
            // As every client does: the connection fails, and what follows is not read.
            if (!isValid) return finish('closed', { closeCode: INVALID_FRAME });
            if (opcode !== 0x1 && opcode !== 0x2) continue;
            const message = opcode === 0x1 ? payload.toString('utf8').slice(0, MAX_MESSAGE_CHARS) : '';
            if (conversation) {
              conversation.hear(message);
              continue;
            }
            if (opcode === 0x1) messages.push(message);
            if (dialog) {
              heard = true;
              conversation = createWebSocketDialog(dialog, {
                send: (text) => socket.write(textFrame(text)),
                wait,
                finish: () => finish('message'),
                monotonicMs,
              });
              conversation.begin();
              continue;
            }
            if (heard) return finish('message');
            heard = true;
            wait(SECOND_MESSAGE_MS, () => finish('message'));
          }
        };
        wait(firstMessageMs, () => finish('silent'));
        socket.on('error', (error) => ended({ error }));
        socket.on('close', () => ended({}));
        socket.on('data', listen);
        listen(head);
      };

      try {
        const key = randomBytes(16).toString('base64');
        const request = nodeClientRequest(url, {
          agent: false,
          ...tls,
          headers: {
            connection: 'Upgrade',
            upgrade: 'websocket',
            'sec-websocket-version': '13',
            'sec-websocket-key': key,
          },
        });
        hangUp = () => request.destroy();
        wait(timeoutMs, () => finish('timeout'));
        request.on('error', (error) => finish('rejected', { error }));
        request.on('response', (response) => {
          handshakeMs = monotonicMs() - startedMs;
          const status = response.statusCode === undefined ? {} : { status: response.statusCode };
          let body = '';
          const end = () => finish('rejected', { ...status, body });
          response.setEncoding('utf8');
          response.on('data', (text: string) => {
            body += text;
            if (body.length >= MAX_MESSAGE_CHARS) end();
          });
          response.on('end', end);
          response.on('error', end);
          // The status is what matters; a body that does not come is not waited for.
          wait(BODY_MS, end);
        });
        request.on('upgrade', (response, socket: Socket, head) => {
          const accept = createHash('sha1')
            .update(key + ACCEPT_GUID)
            .digest('base64');
          if (response.headers['sec-websocket-accept'] === accept && isUnderstood(response)) return talk(socket, head);
          socket.on('error', () => {});
          finish('rejected', { status: 101 });
          socket.destroy();
        });
        request.end();
      } catch (error) {
        finish('threw', { error });
      }
    });
}

/**
 * Whether a client would accept the response: it is one to WebSocket, and agrees to nothing that was not requested (RFC 6455, section 4.1),
 * unlike gateways that respond for another client.
 */
function isUnderstood({ headers }: IncomingMessage): boolean {
  return (
    headers.upgrade?.toLowerCase() === 'websocket' &&
    headers['sec-websocket-protocol'] === undefined &&
    headers['sec-websocket-extensions'] === undefined
  );
}

/** A client's text frame: masked (RFC 6455, section 5.3), with a key of zeros; up to 125 bytes. */
function textFrame(text: string): Buffer {
  const payload = Buffer.from(text).subarray(0, 125);
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}
