import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type ServerOptions } from 'socket.io';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Incident } from '../../src/incidents/incident.js';
import { type Judge, judge } from '../../src/judge.js';
import { createJudges } from '../../src/judges.js';
import { createWithDiagnostics } from '../../src/observe.js';
import { nodeRuntime } from '../../src/runtime/node.js';
import { freePort } from '../faults/_kit/free-port.js';
import { type AnySocket, dial, nextTold, QUIET } from './watched-client.js';

describe('the judge of a page', () => {
  test('is loaded once, however many ask', async () => {
    let loads = 0;
    const judges = createJudges(
      async () => {
        loads += 1;
        return judge;
      },
      () => 0,
    );
    expect(judges.now()).toBeUndefined();
    expect(await Promise.all([judges.load(), judges.load()])).toEqual([judge, judge]);
    expect(judges.now()).toBe(judge);
    expect(loads).toBe(1);
  });

  test('that could not be had is asked for again after pauses that grow, and at once where there is hope', async () => {
    let at = 0;
    let loads = 0;
    let isThere = false;
    const load = async (): Promise<Judge> => {
      loads += 1;
      if (!isThere) throw new Error('offline');
      return judge;
    };
    const judges = createJudges(load, () => at);
    // An hour of a socket that tries to connect every five seconds.
    for (; at < 3_600_000; at += 5_000) await expect(judges.load()).rejects.toThrow();
    expect(loads).toBe(17);
    await expect(judges.load(true)).rejects.toThrow('offline');
    expect(loads).toBe(18);
    isThere = true;
    await expect(judges.load()).rejects.toThrow();
    expect(await judges.load(true)).toBe(judge);
    expect(await judges.load()).toBe(judge);
    expect(loads).toBe(19);
  });
});

/** A socket to a port where nobody listens, with the judge loaded as given, and the first answer. */
async function refused(load: () => Promise<Judge>) {
  const withDiagnostics = createWithDiagnostics(() => nodeRuntime(), load);
  const plain: AnySocket = dial('4', `http://127.0.0.1:${await freePort()}`);
  const { diagnostics } = withDiagnostics(plain, QUIET);
  const told = nextTold<{ incident: Incident }>(diagnostics, 'incident').then(
    ({ incident: { diagnosis } }) => `${diagnosis.certainty} ${diagnosis.code}`,
  );
  onTestFinished(() => {
    diagnostics.dispose();
    plain.disconnect();
  });
  return { socket: plain, diagnostics, told };
}

/** A socket that was connected over polling by a server, with how often the judge was loaded. */
async function connectedOverPolling(serverOptions: Partial<ServerOptions>) {
  const http = createServer();
  let connected = () => {};
  const overPolling = new Promise<void>((resolve) => {
    connected = resolve;
  });
  const server = new Server(http, serverOptions);
  const upgrades = http.listeners('upgrade');
  http.removeAllListeners('upgrade').on('upgrade', (...values) => {
    overPolling.then(() => {
      for (const upgrade of upgrades) upgrade(...values);
    });
  });
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  const counted = { loads: 0 };
  const withDiagnostics = createWithDiagnostics(
    () => nodeRuntime(),
    async () => {
      counted.loads += 1;
      return judge;
    },
  );
  const plain: AnySocket = dial('4', `http://127.0.0.1:${(http.address() as AddressInfo).port}`);
  plain.on('connect', connected);
  const { diagnostics } = withDiagnostics(plain, QUIET);
  onTestFinished(() => {
    diagnostics.dispose();
    plain.disconnect();
    server.close();
  });
  return { diagnostics, counted };
}

describe('a socket that connects over polling', () => {
  test('needs no judge where it is offered an upgrade', async () => {
    const { diagnostics, counted } = await connectedOverPolling({});
    await nextTold<{ transport: string }>(diagnostics, 'transport', ({ transport }) => transport === 'websocket');
    expect(diagnostics.snapshot().state).toBe('connected');
    expect(counted.loads).toBe(0);
  });

  test('is judged where it is not', async () => {
    const { diagnostics, counted } = await connectedOverPolling({ allowUpgrades: false });
    const { incident } = await nextTold<{ incident: Incident }>(diagnostics, 'incident');
    expect(incident.diagnosis.code).toBe('websocket-not-offered');
    expect(counted.loads).toBe(1);
  });
});

describe('a failure', () => {
  test('is judged when the judge has come', async () => {
    const { told } = await refused(async () => judge);
    expect(await told).toBe('confirmed server-unreachable');
  });

  test('is told with its timeline where the judge cannot be had', async () => {
    const { diagnostics, told } = await refused(() => Promise.reject(new Error('no such part')));
    expect(await told).toBe('suspected unclassified');
    expect(diagnostics.current?.timeline.signals.some(({ kind }) => kind === 'connect-error')).toBe(true);
  });

  test('is not lost when the app leaves before the judge has come', async () => {
    let isAsked = () => {};
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve;
    });
    const { diagnostics, told } = await refused(() => {
      isAsked();
      return new Promise(() => {});
    });
    await asked;
    diagnostics.dispose();
    expect(await told).toBe('suspected unclassified');
  });
});
