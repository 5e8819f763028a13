import { SECRET } from './seed-script.js';

/** Text that left the SDK, and where it was seen. */
export interface Outlet {
  readonly where: string;
  readonly text: string;
  /** A question to the server on trial: it may carry the session that an earlier question was given. */
  readonly isProbe?: boolean;
}

/** What must not be in it, beside the seeded secrets. */
export interface Forbidden {
  /** Engine.IO session ids and socket ids of the app's own connections. */
  readonly ids: ReadonlySet<string>;
  /** Everything that servers sent to clients in this process. */
  readonly received: string;
}

/** A piece of a body as long as this is no coincidence. */
const PIECE_CHARS = 20;
/** A session id shorter than this may stand in a UUID by chance: `abc` does in one of 175, and a run tells dozens. */
const MIN_ID_CHARS = 6;

/** Says in words what got out that must not; empty when nothing did. */
export function findLeaks(outlets: readonly Outlet[], { ids, received }: Forbidden): string[] {
  const sids = new Set([...received.matchAll(/"sid":"([^"]+)"/gi)].map(([, sid]) => sid ?? ''));
  const short = [...ids, ...sids].filter((id) => id.length < MIN_ID_CHARS);
  if (short.length > 0) return [`the session ids ${short} are too short to be looked for: a test needs others`];
  const words = [...seeds(), ...ids];
  const pieces = piecesOf(withoutHeaders(received));
  return outlets.flatMap(({ where, text, isProbe }) => {
    const found = (isProbe ? words : [...words, ...sids]).filter((word) => text.includes(word));
    const leaks = found.map((word) => `${where} holds ${around(text, text.indexOf(word))}`);
    const trace = TRACES.exec(text);
    if (trace) leaks.push(`${where} holds a stack trace or a path of this machine: ${around(text, trace.index)}`);
    // What a server echoes of a question is not news to it.
    const piece = isProbe ? -1 : indexOfPiece(text, pieces);
    if (piece >= 0) leaks.push(`${where} holds a piece of what a server sent: ${around(text, piece)}`);
    return leaks;
  });
}

const TRACES = /\n\s+at \S|\bat [\w.<>]+ \(|:\d+:\d+\)|node_modules|\/(?:home|root|tmp|Users)\//;

/** The secret as it is, and as base64 shows it wherever in a longer text it stands. */
function seeds(): string[] {
  const encoded = ['', 'x', 'xx'].map((before) =>
    Buffer.from(`${before}${SECRET}`).toString('base64').replace(/=+$/, '').slice(4, -2),
  );
  return [SECRET, ...encoded];
}

/** Told on purpose: the figures of the handshake, what the protocol itself words, and paths. */
const ALLOWED = /\{"(?:sid|SID)":"[^}]*\}|"message":"Invalid namespace"|Unsupported protocol version|\/[\w./-]+/g;

function withoutHeaders(received: string): string {
  return received.replace(/^(?:HTTP\/1\.1 .*|[\w-]+:.*)\r?\n/gm, '').replace(ALLOWED, '\n');
}

function piecesOf(text: string): Set<string> {
  const pieces = new Set<string>();
  for (let at = 0; at + PIECE_CHARS <= text.length; at++) pieces.add(text.slice(at, at + PIECE_CHARS));
  return pieces;
}

function indexOfPiece(text: string, pieces: ReadonlySet<string>): number {
  for (let at = 0; at + PIECE_CHARS <= text.length; at++) if (pieces.has(text.slice(at, at + PIECE_CHARS))) return at;
  return -1;
}

const around = (text: string, at: number) => JSON.stringify(text.slice(Math.max(0, at - 60), at + 60));
