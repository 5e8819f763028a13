import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readStore, startReceiver } from './receiver.mjs';

const ROUNDS = 3;
const WARM_UP = 20;
/** With the warm-up no more than what may leave in a minute by default. */
const REPORTS = 40;
const PACE_MS = 50;

/** Processor time and bytes for each record that arrived, with the same incidents for everyone, all peers one after the other in each round. */
export async function measureCost({ browser, pages, peers, incident }) {
  const rounds = [];
  for (let index = 0; index < ROUNDS; index++) {
    const round = {};
    for (const peer of peers) round[peer.name] = await carry({ browser, pages, peer, incident });
    rounds.push(round);
  }
  const own = peers[0].name;
  return peers.map(({ name }) => ({
    peer: name,
    bodyBytes: median(rounds.map((round) => round[name].bodyBytes)),
    bytes: median(rounds.map((round) => round[name].bytes)),
    requests: median(rounds.map((round) => round[name].requests)),
    bytesRatio: median(rounds.map((round) => round[name].bytes / round[own].bytes)),
    cpuRatio: median(rounds.map((round) => round[name].cpuMs / round[own].cpuMs)),
  }));
}

async function carry({ browser, pages, peer, incident }) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const file = join(folder, 'stored.jsonl');
  const receiver = await startReceiver({ peer: peer.name, file });
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(pages.costUrl(peer.carrier.chromium));
    await page.evaluate((url) => globalThis.startCarrier(url), receiver.url);
    const session = await context.newCDPSession(page);
    await session.send('Performance.enable');
    const processMs = async () => {
      const { metrics } = await session.send('Performance.getMetrics');
      return metrics.find(({ name }) => name === 'ProcessTime').value * 1_000;
    };
    const report = async (count) => {
      const incidents = Array.from({ length: count }, () => ({ ...incident, id: randomUUID() }));
      await page.evaluate(([all, paceMs]) => globalThis.reportAll(all, paceMs), [incidents, PACE_MS]);
      const limit = Date.now() + 60_000;
      const stored = () => new Set(readStore(file).flatMap(({ ids }) => ids));
      const isMissing = ({ id }) => !stored().has(id);
      while (incidents.some(isMissing) && Date.now() < limit) await wait(250);
      const seen = stored();
      return incidents.filter(({ id }) => seen.has(id)).length;
    };
    await report(WARM_UP);
    await wait(1_000);
    const idleFrom = await processMs();
    const idleAt = Date.now();
    await wait(3_000);
    const idlePerMs = ((await processMs()) - idleFrom) / (Date.now() - idleAt);

    receiver.state.seen.length = 0;
    const from = await processMs();
    const at = Date.now();
    const delivered = await report(REPORTS);
    const cpuMs = ((await processMs()) - from - idlePerMs * (Date.now() - at)) / delivered;
    const sum = (key) => receiver.state.seen.reduce((all, one) => all + one[key], 0) / delivered;
    return {
      cpuMs,
      bytes: sum('bytes'),
      bodyBytes: sum('bodyBytes'),
      requests: receiver.state.seen.length / delivered,
    };
  } finally {
    await context.close();
    await receiver.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}
