// How fast the collector stores, how fast it answers, and how both change as it fills. `--quick` stops at 100,000 incidents; with
// `--filled <folder>` a data folder that `fill` filled with a million before is measured, which saves some minutes. `--only memory` (or
// `ingest`, `growth`) measures one part and keeps the others of the kept result.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createRequests } from './collector/batches.mjs';
import { FILLED_DAYS, fill } from './collector/fill.mjs';
import { load } from './collector/load.mjs';
import { askEverything, PERIODS, plansOf, VIEWS } from './collector/questions.mjs';
import { sdkEnvelopes } from './collector/sdk-envelopes.mjs';
import { writeResult } from './write-result.mjs';

const { values: options } = parseArgs({
  options: { quick: { type: 'boolean' }, filled: { type: 'string' }, only: { type: 'string' } },
});
const ROUNDS = options.quick ? 3 : 5;
const TURN_MS = 2000;
const SIZES = options.quick ? [10_000, 100_000] : [10_000, 100_000, 1_000_000];
/** Until the compiler is done, however slow the disk is. */
const WARM_REQUESTS = 3000;
const RSS_RECORDS = options.quick ? 100_000 : 1_000_000;
const BATCHES = [
  { name: '20 records', records: 20, incidentCount: 3, sessionCount: 17, connections: 128 },
  // Every page has a connection of its own: a collector that is busy has many. This is one that is not.
  { name: '20 records', records: 20, incidentCount: 3, sessionCount: 17, connections: 32 },
  { name: '1 record', records: 1, incidentCount: 1, sessionCount: 0, connections: 128 },
];
const SERVERS = [
  { name: 'bare', file: 'bare-server.mjs', title: 'node:http that drops the body' },
  { name: 'transaction', file: 'transaction-server.mjs', title: 'fastify, a synced transaction for each request' },
  { name: 'collector', file: 'collector-process.mjs', title: '**the collector**' },
];

const folders = [];
const sdk = await sdkEnvelopes();
const kept = options.only && JSON.parse(readFileSync(new URL('./results/collector.json', import.meta.url), 'utf8'));
const isWanted = (part) => !options.only || options.only === part;
const ingest = isWanted('ingest') ? await measureIngest() : kept.ingest;
const costs = isWanted('ingest') ? await measureCosts() : kept.costs;
const memory = isWanted('memory') ? await measureMemory() : kept.memory;
const growth = isWanted('growth') ? await measureGrowth() : kept.growth;
// Parts of one report may have been measured on different days.
const loadNow = Math.round(loadavg()[0]);
const loads = Object.fromEntries(
  ['ingest', 'memory', 'growth'].map((part) => [part, isWanted(part) ? loadNow : kept.loads[part]]),
);
for (const folder of folders) rmSync(folder, { recursive: true, force: true });

const machine = `${cpus().length} × ${cpus()[0].model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`;
writeResult('collector', { machine, quick: Boolean(options.quick), loads, ingest, costs, memory, growth }, report());
process.exit();

async function measureIngest() {
  const running = await Promise.all(SERVERS.map(({ file }) => start(file)));
  const results = [];
  for (const { name, records, connections, ...counts } of BATCHES) {
    const next = createRequests(sdk, counts);
    const bytes = next().length;
    const turns = SERVERS.map(() => []);
    for (let round = 0; round < ROUNDS + 1; round += 1) {
      for (const [index, server] of running.entries()) {
        const turn = await timed(server, next, TURN_MS, connections);
        // The first round is for the compiler.
        if (round > 0)
          turns[index].push({ perSecond: turn.perSecond * records, perCpuSecond: turn.perCpuSecond * records });
      }
    }
    for (const [index, { name: server }] of SERVERS.entries()) {
      const ratio = (unit) => median(turns[index].map((turn, round) => turn[unit] / turns[0][round][unit]));
      results.push({
        batch: name,
        connections,
        bytes,
        server,
        perSecond: median(turns[index].map(({ perSecond }) => perSecond)),
        perCpuSecond: median(turns[index].map(({ perCpuSecond }) => perCpuSecond)),
        ratio: ratio('perSecond'),
        cpuRatio: ratio('perCpuSecond'),
      });
    }
  }
  for (const server of running.slice(1)) {
    const { stored } = await server.ask('stored');
    if (stored < server.records)
      throw new Error(`${server.records} records were acknowledged and ${stored} are stored`);
  }
  for (const server of running) server.stop();
  return results;
}

/** Microseconds of processor time that the parts of one full batch cost. */
async function measureCosts() {
  const { name: _, records: __, connections: ___, ...counts } = BATCHES[0];
  const server = await start('costs.mjs');
  const costs = await server.ask({ sdk, counts });
  server.stop();
  return costs;
}

async function measureMemory() {
  const server = await start('collector-process.mjs');
  const samples = [];
  for (let sent = 0; sent < RSS_RECORDS; ) {
    const next = createRequests(sdk, BATCHES[0]);
    const { requests, rssBytes } = await timed(server, next, TURN_MS);
    sent += requests * BATCHES[0].records;
    samples.push({ records: sent, rssMb: Math.round(rssBytes / 2 ** 20) });
  }
  server.stop();
  return samples;
}

async function measureGrowth() {
  let data = temporaryFolder();
  const sizes = [];
  let filled = 0;
  for (const size of SIZES) {
    const isFilled = options.filled !== undefined && size === 1_000_000;
    if (isFilled) data = options.filled;
    else {
      await fill(data, sdk, filled, size);
    }
    filled = size;
    const { questions, views, sizeBytes } = await askEverything(data);
    const server = await start('collector-process.mjs', data);
    const next = createRequests(sdk, BATCHES[0]);
    for (let warm = 0; warm < WARM_REQUESTS; ) warm += (await timed(server, next, TURN_MS)).requests;
    const alone = await timed(server, next, 2 * TURN_MS);
    const asked = await askWhile(server, () => timed(server, next, 2 * TURN_MS));
    server.stop();
    sizes.push({
      incidents: size,
      sizeMb: Math.round(sizeBytes / 2 ** 20),
      perCpuSecond: alone.perCpuSecond * BATCHES[0].records,
      perSecond: alone.perSecond * BATCHES[0].records,
      perSecondWhileAsked: asked.turn.perSecond * BATCHES[0].records,
      slowestAnswerMs: asked.slowestMs,
      questions,
      views,
    });
  }
  return { sizes, plans: await plansOf(data) };
}

/** Reads the start page again and again while records come in, as one viewer with a live page does. */
async function askWhile(server, work) {
  let slowestMs = 0;
  let done = false;
  const asking = (async () => {
    while (!done) {
      for (const path of ['/api/overview?period=24h', '/api/causes?period=24h', '/api/incidents?period=24h']) {
        const startedAt = performance.now();
        await (await fetch(`http://127.0.0.1:${server.port}${path}`)).text();
        slowestMs = Math.max(slowestMs, performance.now() - startedAt);
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  })();
  const turn = await work();
  done = true;
  await asking;
  return { turn, slowestMs };
}

async function timed(server, next, durationMs, connections = BATCHES[0].connections) {
  const before = await server.ask();
  const startedAt = performance.now();
  const requests = await load(server.port, next, durationMs, connections);
  const elapsedMs = performance.now() - startedAt;
  const after = await server.ask();
  return {
    requests,
    perSecond: requests / (elapsedMs / 1000),
    perCpuSecond: requests / ((after.cpuMs - before.cpuMs) / 1000),
    rssBytes: after.rssBytes,
  };
}

/** On one core, where the machine can bind a process to one. */
async function start(file, data = temporaryFolder()) {
  const path = fileURLToPath(new URL(`./collector/${file}`, import.meta.url));
  const pinned = process.platform === 'linux' ? ['taskset', '-c', '0'] : [];
  const [program, ...args] = [...pinned, process.execPath, path, data];
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [{ port }] = await once(child, 'message');
  return {
    port,
    records: 0,
    async ask(question = 'used') {
      child.send(question);
      return (await once(child, 'message'))[0];
    },
    stop: () => child.kill('SIGKILL'),
  };
}

function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'bench-collector-'));
  folders.push(folder);
  return folder;
}

function median(values) {
  return values.sort((a, b) => a - b)[values.length >> 1];
}

function report() {
  const count = (value) => Math.round(value).toLocaleString('en');
  const { sizes } = growth;
  const rss = memory.map(({ rssMb }) => rssMb);
  const half = rss.slice(rss.length >> 1);
  return [
    `${machine}; load average ${loads.ingest} while ingestion was measured, ${loads.memory} for memory and ${loads.growth} as it filled. Bodies are what the SDK sent, with other ids, times and dimensions; each server is one process on one core, and their`,
    `turns of ${TURN_MS / 1000} s follow each other ${ROUNDS} times. Ratios are medians over adjacent turns; those of processor time are steadier than those of elapsed time.`,
    '',
    '### Records accepted and synced to disk',
    '',
    '| Batch | Connections | Server | Records/s | Records per s of processor time | Ratio | Ratio by processor time |',
    '|---|--:|---|--:|--:|--:|--:|',
    ...ingest.map(
      (row) =>
        `| ${row.batch}, ${count(row.bytes)} bytes | ${row.connections} | ${SERVERS.find(({ name }) => name === row.server).title} | ${count(row.perSecond)} | ${count(row.perCpuSecond)} | ${row.ratio.toFixed(3)} | ${row.cpuRatio.toFixed(3)} |`,
    ),
    '',
    `### Where the processor time of ${BATCHES[0].records} records goes`,
    '',
    'Each part was measured by itself in one process, with as many batches per transaction as in the load above. For a tenth of what the bare',
    `server handles, all of it would have to fit into ${count(batchUs('bare') * 10)} µs.`,
    '',
    '| Part | µs | Share |',
    '|---|--:|--:|',
    ...budget().map(([title, us]) => `| ${title} | ${count(us)} | ${count((us / batchUs('collector')) * 100)} % |`),
    '',
    '### Memory',
    '',
    `Resident memory while ${count(memory.at(-1).records)} records came in: ${rss[0]} MB after ${count(memory[0].records)}, and between ${Math.min(...half)} and ${Math.max(...half)} MB in the second half.`,
    '',
    '### As it fills',
    '',
    `As many sessions as incidents, over ${FILLED_DAYS} days. Medians of 5 in processor time, which on an idle machine equals elapsed time; a view is all queries of a dashboard page.`,
    '',
    `| | ${sizes.map(({ incidents }) => `${count(incidents)} incidents`).join(' | ')} |`,
    `|---|${sizes.map(() => '--:').join('|')}|`,
    ...line('Database, MB', ({ sizeMb }) => count(sizeMb)),
    ...line('Ingest, records/s, batches of 20', ({ perSecond }) => count(perSecond)),
    ...line('… per second of processor time', ({ perCpuSecond }) => count(perCpuSecond)),
    ...line('… while the start page is read again and again', ({ perSecondWhileAsked }) => count(perSecondWhileAsked)),
    ...line('Slowest answer meanwhile, ms', ({ slowestAnswerMs }) => count(slowestAnswerMs)),
    ...Object.keys(VIEWS).flatMap((view) =>
      Object.keys(PERIODS).flatMap((period) =>
        line(`**${view}, ${period}**, ms`, ({ views }) => views[`${view}, ${period}`].toFixed(0)),
      ),
    ),
    ...Object.keys(sizes[0].questions).flatMap((name) =>
      line(`${name}, ms`, ({ questions }) => questions[name].toFixed(1)),
    ),
    '',
    '### Query plans with the most incidents',
    '',
    ...growth.plans.flatMap(({ question, plan }) => [`- ${question}: ${plan.map((step) => `\`${step}\``).join(', ')}`]),
  ];

  function batchUs(server) {
    const { perCpuSecond } = ingest.find((row) => row.batch === BATCHES[0].name && row.server === server);
    return (BATCHES[0].records / perCpuSecond) * 1e6;
  }

  function budget() {
    const { decode, json, slices, validate, sessions, incidents, clients, rollups, transaction, write } = costs;
    const read = decode + json + slices + validate;
    return [
      ['**All of the collector**', batchUs('collector')],
      ['**Reading the body**', read],
      ['its bytes as text', decode],
      ['`JSON.parse`', json],
      ['the text of each record, as it came', slices],
      ['checks against the schema, columns', validate],
      ['**Storing**', write],
      [`${BATCHES[0].sessionCount} sessions`, sessions],
      [`${BATCHES[0].incidentCount} incidents`, incidents],
      ['who sent them', clients],
      ['rollups', rollups],
      ['beginning and committing, with the copies to the log and from there to the database', transaction],
      ['counting, in JavaScript', write - sessions - incidents - clients - rollups - transaction],
      ['**HTTP and what is lost between the parts**', batchUs('collector') - read - write],
      ['for comparison: all of the bare node:http', batchUs('bare')],
    ];
  }

  function line(title, cell) {
    return [`| ${title} | ${sizes.map(cell).join(' | ')} |`];
  }
}
