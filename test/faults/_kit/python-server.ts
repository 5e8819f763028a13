import { readFileSync } from 'node:fs';
import type { Listening } from './listen.js';
import { startProgram } from './program.js';

export interface PythonSetup {
  /** `threads` is Flask's development server: it has no WebSocket. Default: `aiohttp`. */
  readonly server?: 'aiohttp' | 'eventlet' | 'threads';
  /** Options of `socketio.Server`; any origin is allowed unless they say otherwise. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Default: `socket.io`. */
  readonly path?: string;
  /** Every connection is refused with this message. */
  readonly refusal?: string;
}

const program = readFileSync(new URL('python-server.py', import.meta.url), 'utf8');

/** A real server of python-socketio, as Flask, Django and FastAPI apps run it. */
export function startPython(setup: PythonSetup = {}): Promise<Listening> {
  let port = 0;
  return startProgram({
    command: 'python3',
    env: 'PYTHON',
    files: (place) => {
      port = place.port;
      return { 'server.py': program };
    },
    args: (folder) => [`${folder}/server.py`, String(port), JSON.stringify(setup)],
    ready: /ready/,
  });
}
