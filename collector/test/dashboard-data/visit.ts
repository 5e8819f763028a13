import type { Socket } from 'socket.io-client';
import type { Diagnostics, Incident, Sink } from '../../../src/index.js';
import { judge } from '../../../src/judge.js';
import { createWithDiagnostics } from '../../../src/observe.js';
import { nodeClient } from '../../../test/faults/_kit/client-version.js';
import type { ClientControl, RunningFault } from '../../../test/faults/_kit/fault.js';
import { loadFault } from '../../../test/faults/_kit/run-fault.js';
import { type Device, datedRuntime } from './dated-runtime.js';
import type { Receive } from './receive-into.js';

export interface Visit {
  readonly startMs: number;
  /** How long the visitor stays once connected. */
  readonly staysMs: number;
  readonly device: Device;
  readonly app: { readonly name: string; readonly release: string; readonly environment: string };
  readonly attributes: Readonly<Record<string, string>>;
  /** Name of the host that is dialled. */
  readonly host: string;
  /** Milliseconds that the healthy server takes to let somebody in. */
  readonly admissionMs: number;
  /** Leaves while the first attempt goes on. */
  readonly isImpatient?: boolean;
  /** A file and a variant under test/faults; absent: all is well. */
  readonly broken?: readonly [code: string, variant: string];
}

/** An answer that takes longer than this is left as it is. */
const PATIENCE_MS = 9000;
/** Enough for the slowest admission and the upgrade on this machine; a visit without it stays on polling. */
const UPGRADE_MS = 4000;

/** One page load: the real SDK on a real client, connected to a real server, healthy or broken. */
export async function visit(
  { startMs, staysMs, device, app, attributes, host, admissionMs, isImpatient, broken }: Visit,
  { receive, healthyUrl }: { readonly receive: Receive; readonly healthyUrl: string },
): Promise<void> {
  const running = broken && (await startBroken(...broken));
  const runtime = datedRuntime(startMs, device);
  let close = () => {};
  const closed = new Promise<void>((resolve) => {
    close = resolve;
  });
  const sink: Sink = {
    async send(records, { envelope }) {
      await receive({ ...envelope, records }, runtime.now());
      return { ok: true };
    },
    close,
  };
  const url = new URL(running?.url ?? healthyUrl);
  url.hostname = host;
  const options = { ...running?.options, auth: { admissionMs }, forceNew: true };
  const socket = createWithDiagnostics(() => runtime, judge)(
    nodeClient(running?.client ?? '4')(url.href, options) as unknown as Socket,
    { app, attributes, collector: sink },
  );
  const { diagnostics } = socket;
  try {
    if (running) await untilSettled(socket, running);
    else if (!isImpatient) await untilUpgraded(socket);
    if (socket.connected) runtime.skip(staysMs);
    socket.disconnect();
  } finally {
    diagnostics.dispose();
    await closed;
    await running?.close();
  }
}

async function startBroken(code: string, variantName: string): Promise<RunningFault> {
  const { fault } = await loadFault(code);
  const variant = fault.variants[variantName];
  if (variant === undefined) throw new Error(`${code} has no variant ${variantName}`);
  return variant.start();
}

type Watched = Socket & { readonly diagnostics: Diagnostics };

/** Of what a fault may want of a page, these visitors can do nothing. */
const noControl = {} as ClientControl;

function untilSettled(socket: Watched, running: RunningFault): Promise<void> {
  return new Promise((resolve) => {
    const limit = setTimeout(resolve, PATIENCE_MS);
    const look = ({ incident }: { readonly incident: Incident }) => {
      if (!incident.settled || running.enough?.(incident) === false) return;
      clearTimeout(limit);
      resolve();
    };
    socket.diagnostics.on('diagnosis', look);
    socket.diagnostics.on('incident', look);
    let isTriggered = false;
    socket.on('connect', () => {
      if (isTriggered) return;
      isTriggered = true;
      void untilUpgraded(socket).then(() => running.trigger?.(noControl));
    });
  });
}

function untilUpgraded(socket: Watched): Promise<void> {
  return new Promise((resolve) => {
    const isOver = () => socket.connected && socket.io.engine?.transport?.name === 'websocket';
    if (isOver()) return resolve();
    const limit = setTimeout(resolve, UPGRADE_MS);
    const look = () => {
      if (!isOver()) return;
      clearTimeout(limit);
      resolve();
    };
    socket.on('connect', look);
    socket.diagnostics.on('transport', look);
  });
}
