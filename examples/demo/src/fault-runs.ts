import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StartedFault } from './demo-fault.js';
import { demoFaults } from './demo-faults.js';
import { startHealthy } from './start-healthy.js';

/** Time to see that the connection is fine before it breaks. */
const SEEN_HEALTHY_MS = 800;

interface Run {
  readonly started: StartedFault;
  readonly tell: (event: string, data: object) => void;
  readonly ending: AbortController;
  breaking?: Promise<void>;
}

export interface FaultRuns {
  /**
   * Starts a broken setup and streams what happens to it. It lives exactly as long as the response: a page that is closed, or that
   * switches to another fault, leaves nothing behind.
   */
  open(name: string, response: ServerResponse): Promise<void>;
  /** Breaks what has worked so far; false if there is no such run. */
  breakIt(id: string): boolean;
  closeAll(): Promise<void>;
}

/** The servers and proxies that are running now, one run for each page. */
export function createFaultRuns(): FaultRuns {
  const runs = new Map<string, Run>();
  const endings = new Set<() => Promise<void>>();

  return {
    async open(name, response) {
      const start = name === 'healthy' ? startHealthy : demoFaults.find((fault) => fault.name === name)?.start;
      if (!start) {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
      const tell = (event: string, data: object) =>
        void response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      let started: StartedFault;
      try {
        started = await start();
      } catch (error) {
        tell('failed', { message: error instanceof Error ? error.message : String(error) });
        response.end();
        return;
      }
      const id = randomUUID();
      const run: Run = { started, tell, ending: new AbortController() };
      let ended: Promise<void> | undefined;
      const end = () => {
        ended ??= (async () => {
          runs.delete(id);
          run.ending.abort();
          response.end();
          // A server that is being restarted must be up before it can be closed.
          await run.breaking;
          await started.close();
          endings.delete(end);
        })();
        return ended;
      };
      endings.add(end);
      runs.set(id, run);
      response.on('close', () => void end());
      if (response.destroyed) return end();
      const { url, options = {}, sendsBytes } = started;
      tell('started', { id, url, options, sendsBytes, breaks: started.breakIt !== undefined });
    },
    breakIt(id) {
      const run = runs.get(id);
      if (!run) return false;
      run.breaking ??= breakLater(run);
      return true;
    },
    async closeAll() {
      await Promise.all([...endings].map((end) => end()));
    },
  };
}

async function breakLater({ started, tell, ending: { signal } }: Run): Promise<void> {
  try {
    await sleep(SEEN_HEALTHY_MS, undefined, { signal });
    await started.breakIt?.((what) => signal.aborted || tell('happened', { what }), signal);
  } catch (error) {
    if (!signal.aborted) tell('failed', { message: error instanceof Error ? error.message : String(error) });
  }
}
