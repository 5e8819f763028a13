import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../faults/_kit/free-port.js';

/** A WebDriver (https://www.w3.org/TR/webdriver2/) that runs as a process of its own on a screen that nobody sees. */
export interface WebDriver {
  call(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown>;
  /** The process whose children the browsers are. */
  readonly pid: number;
  close(): Promise<void>;
}

/** Longer than any command takes on a busy machine; a browser that never answers would otherwise hang the run. */
const COMMAND_TIMEOUT_MS = 20_000;

/** Starts Xvfb and WebKitWebDriver; both end with this process at the latest. */
export async function startWebKitDriver(): Promise<WebDriver> {
  const screen = spawn(
    process.env.XVFB ?? 'Xvfb',
    ['-displayfd', '3', '-screen', '0', '1024x768x24', '-nolisten', 'tcp'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
  );
  endWithUs(screen);
  const [display] = await once(screen.stdio[3] as NodeJS.ReadableStream, 'data');
  const port = await freePort();
  const driver = spawn(process.env.WEBKIT_DRIVER ?? 'WebKitWebDriver', [`--port=${port}`], {
    env: { ...process.env, DISPLAY: `:${String(display).trim()}`, NO_AT_BRIDGE: '1' },
    stdio: 'ignore',
  });
  endWithUs(driver);

  const call: WebDriver['call'] = async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      signal: AbortSignal.timeout(COMMAND_TIMEOUT_MS),
      ...(body && { body: JSON.stringify(body) }),
    });
    const { value } = (await response.json()) as { value: unknown };
    if (!response.ok) throw new Error(`WebDriver: ${JSON.stringify(value)}`);
    return value;
  };
  while (!(await call('GET', '/status').catch(() => undefined))) {
    if (driver.exitCode !== null) throw new Error('WebKitWebDriver did not start');
    await sleep(20);
  }
  return {
    call,
    pid: driver.pid ?? 0,
    close: async () => {
      for (const child of [driver, screen]) {
        const gone = once(child, 'exit');
        if (child.exitCode === null && child.kill()) await gone;
      }
    },
  };
}

function endWithUs(child: ChildProcess): void {
  const kill = () => void child.kill();
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
}
