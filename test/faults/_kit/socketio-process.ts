import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ServerVersion } from './socketio-server.js';

export interface SocketIoProcess {
  readonly port: number;
  readonly url: string;
  /** Resolves when the process is gone. `SIGTERM` first closes the server properly. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** `SIGSTOP`: the kernel still accepts connections, but nobody responds. */
  freeze(): void;
  thaw(): void;
  /** Starts a new process on the same port. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** A Socket.IO server in a child process; `options` must be plain JSON. */
export async function startSocketIoProcess({
  version = '4',
  options = {},
}: {
  readonly version?: ServerVersion;
  readonly options?: Readonly<Record<string, unknown>>;
} = {}): Promise<SocketIoProcess> {
  let { child, port } = await launch(0);

  async function launch(wanted: number): Promise<{ child: ChildProcess; port: number }> {
    const started = fork(fileURLToPath(new URL('./socketio-child.mjs', import.meta.url)), { execArgv: [] });
    started.send({ version, port: wanted, options });
    const [told] = (await once(started, 'message')) as [{ port: number }];
    return { child: started, port: told.port };
  }

  async function kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    await gone;
  }

  return {
    port,
    url: `http://127.0.0.1:${port}`,
    kill,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    restart: async () => {
      ({ child, port } = await launch(port));
    },
    // SIGKILL also ends a stopped process.
    close: () => kill('SIGKILL'),
  };
}
