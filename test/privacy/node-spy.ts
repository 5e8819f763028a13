import type { Diagnostics } from '../../src/diagnostics.js';
import { judge } from '../../src/judge.js';
import { createWithDiagnostics } from '../../src/observe.js';
import type { DiagnosticsOptions } from '../../src/options.js';
import { nodeRuntime } from '../../src/runtime/node.js';
import type { ProbingRuntime, TextStorage } from '../../src/runtime/runtime.js';
import type { SocketLike } from '../../src/signals/client-shapes.js';
import type { ClientScript, DrivenSocket, Wrap } from '../faults/_kit/drive-client.js';
import { startByteCollector } from './byte-collector.js';
import { findLeaks, type Outlet } from './find-leaks.js';
import { secret, seedScript } from './seed-script.js';
import { watchBytes } from './watch-bytes.js';

/** Sees everything that one client in this process says, asks, keeps and shows about itself. */
export interface NodeSpy {
  /** Puts secrets wherever an app could have one. */
  seed(script: ClientScript): ClientScript;
  /** `withDiagnostics` of a page of its own, which sends to a real collector, keeps copies and writes to the console. */
  readonly wrap: Wrap;
  /** What must not have got out but did; empty when all is well. */
  finish(): Promise<string[]>;
}

/** What a test does to prove that the spy sees it. */
export interface Sabotage {
  readonly options?: (socket: DrivenSocket) => DiagnosticsOptions;
  readonly runtime?: (runtime: ProbingRuntime) => Partial<ProbingRuntime>;
}

export async function startNodeSpy(sabotage: Sabotage = {}): Promise<NodeSpy> {
  const collector = await startByteCollector();
  const bytes = watchBytes();
  const ids = new Set<string>();
  const written: string[] = [];
  const kept: string[] = [];
  const told: unknown[] = [];
  const handles: Diagnostics[] = [];

  const wrap = createWithDiagnostics(() => {
    const plain = { ...nodeRuntime(), storage: storageThatTells(kept) };
    const runtime = { ...plain, ...sabotage.runtime?.(plain) };
    return {
      ...runtime,
      request: (question) => bytes.asSdk(() => runtime.request(question)),
      openWebSocket: (question) => bytes.asSdk(() => runtime.openWebSocket(question)),
      post: (delivery) => bytes.asSdk(() => runtime.post(delivery)),
      warn: (message) => void written.push(message),
    };
  }, judge);

  return {
    // A class of the app's own is not given headers: that it cannot be made could be their fault.
    seed: (script) => seedScript(script, { withHeaders: script.transportClasses === undefined }),
    wrap: ((socket: DrivenSocket & { id?: string; io: { engine?: { id?: string } } }) => {
      const remember = () => {
        for (const id of [socket.id, socket.io.engine?.id]) if (id) ids.add(id);
      };
      const { diagnostics } = wrap(socket as unknown as SocketLike, {
        app: { name: 'app', release: '1.0.0' },
        collector: [`${collector.url}/v1/records`, sinkThatFailsFirst()],
        console: true,
        ...sabotage.options?.(socket),
      });
      handles.push(diagnostics);
      for (const event of ['incident', 'diagnosis', 'session', 'attempt', 'transport'] as const) {
        diagnostics.on(event, (event) => {
          remember();
          told.push(event);
        });
      }
      socket.on('connect', () => {
        remember();
        socket.on(secret('listened'), () => {});
        socket.emit(secret('event'), { password: secret('payload') });
      });
      return socket;
    }) as unknown as Wrap,
    async finish() {
      const shown = handles.map((handle) => [handle.report(), handle.snapshot(), handle.current]);
      for (const handle of handles) await handle.flush();
      bytes.stop();
      await collector.close();
      const outlets: Outlet[] = [
        { where: 'what the collector was sent', text: collector.requests.join('\n') },
        { where: 'what was asked and sent', text: bytes.sent, isProbe: true },
        { where: 'what is kept in storage', text: kept.join('\n') },
        { where: 'what was written to the console', text: written.join('\n') },
        { where: 'the report or a snapshot', text: JSON.stringify(shown) },
        { where: 'an event of the handle', text: JSON.stringify(told) },
      ];
      return findLeaks(outlets, { ids, received: bytes.received });
    },
  };
}

/** The first batch is refused for a moment, so that copies are kept. */
function sinkThatFailsFirst() {
  let hasFailed = false;
  return {
    name: 'fails first',
    async send() {
      if (hasFailed) return { ok: true as const };
      hasFailed = true;
      return { ok: false as const, retry: true as const };
    },
  };
}

function storageThatTells(kept: string[]): TextStorage {
  const values = new Map<string, string>();
  return {
    keys: () => [...values.keys()],
    get: (key) => values.get(key),
    set(key, value) {
      kept.push(key, value);
      values.set(key, value);
      return true;
    },
    remove: (key) => void values.delete(key),
  };
}
