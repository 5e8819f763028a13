import { randomUUID } from 'node:crypto';
import { corsHeaders, type PlainAnswer, startHttp } from './http-server.js';
import type { Listening } from './listen.js';

const json = { 'content-type': 'application/json' };
const text = { 'content-type': 'text/plain; charset=utf-8' };

/** How servers in other languages respond, word for word where it matters. */
export const words = {
  // python-engineio: JSON strings (base_server.py, _bad_request).
  pythonSession: { status: 400, body: '"Invalid session 2b3ce3c7e1f24e0f"', headers: json },
  pythonVersion: {
    status: 400,
    body: '"The client is using an unsupported version of the Socket.IO or Engine.IO protocols"',
    headers: json,
  },
  pythonOrigin: { status: 400, body: '"Not an accepted origin."', headers: json },
  // The same before 2020-11, when it says nothing about the reason.
  pythonPlain: { status: 400, body: '"Bad Request"', headers: json },
  // socketioxide (Rust): the code as a string.
  rustSession: { status: 400, body: '{"code":"1","message":"Session ID unknown"}', headers: json },
  rustVersion: { status: 400, body: '{"code":"5","message":"Unsupported protocol version"}', headers: json },
  // go-socket.io: http.Error with a sentence.
  goSession: { status: 400, body: 'invalid sid value: 7\n', headers: text },
} satisfies Record<string, PlainAnswer>;

/** An Engine.IO server in another language, as far as rejections go: over long-polling, it responds to every session as instructed. */
export function startForeignServer({
  handshake,
  session,
}: {
  /** Instead of a handshake. */
  readonly handshake?: PlainAnswer;
  /** To every request of a session. */
  readonly session?: PlainAnswer;
}): Promise<Listening> {
  return startHttp((request, response) => {
    const query = new URL(request.url ?? '/', 'http://server').searchParams;
    const isKnown = query.get('transport') === 'polling';
    const opening = `{"sid":"${randomUUID()}","upgrades":[],"pingTimeout":20000,"pingInterval":25000}`;
    const body = query.get('EIO') === '4' ? `0${opening}` : `${opening.length + 1}:0${opening}`;
    const answer: PlainAnswer = !isKnown
      ? { status: 400, body: '"Invalid transport"', headers: json }
      : ((query.has('sid') ? session : handshake) ?? { body, headers: text });
    response.writeHead(answer.status ?? 200, { ...corsHeaders(request), ...answer.headers }).end(answer.body);
  });
}
