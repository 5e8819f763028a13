import type { WebSocketQuestion } from './runtime.js';

type Lines = NonNullable<WebSocketQuestion['dialog']>;

export interface WebSocketDialog {
  /** What was heard: first what came unsolicited, then what came after each line. A binary message is an empty string. */
  readonly replies: readonly (readonly string[])[];
  /** Milliseconds since the last line was sent. */
  sinceLineMs(): number;
  begin(): void;
  hear(message: string): void;
}

/** Engine.IO's own packets ping, pong and noop are no replies. */
const HEARTBEAT = /^[236]/;

/** Sends one line after the other on an open WebSocket, each once the previous one was answered or has waited long enough. */
export function createWebSocketDialog(
  { lines, quietMs, answerMs }: Lines,
  socket: {
    send(text: string): void;
    wait(ms: number, then: () => void): void;
    finish(): void;
    monotonicMs(): number;
  },
): WebSocketDialog {
  const replies: string[][] = [[]];
  let saidMs = socket.monotonicMs();
  const step = () => {
    const line = lines[replies.length - 1];
    if (line === undefined) return socket.finish();
    replies.push([]);
    saidMs = socket.monotonicMs();
    socket.send(line);
    socket.wait(answerMs, step);
  };
  return {
    replies,
    sinceLineMs: () => socket.monotonicMs() - saidMs,
    begin: () => socket.wait(quietMs, step),
    hear(message) {
      if (HEARTBEAT.test(message)) return;
      replies[replies.length - 1]?.push(message);
      if (replies.length > 1) socket.wait(0, step);
    },
  };
}
