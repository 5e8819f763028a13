// What wrapping costs in messages per second, against a server in a process of its own. Only ratios of adjacent turns are told: the
// absolute rate says more about the machine than about us.
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { writeResult } from './write-result.mjs';

const PAIRS = Number(process.env.PAIRS ?? 60);
const runClient = promisify(execFile);
const file = (name) => fileURLToPath(new URL(name, import.meta.url));

const server = fork(file('./echo-server.mjs'));
const [{ port }] = await once(server, 'message');

const results = [];
for (const transport of ['websocket', 'polling']) {
  const args = [file('./echo-client.mjs'), String(port), transport, String(PAIRS)];
  const { stdout } = await runClient(process.execPath, args, { timeout: 300_000 });
  const turns = JSON.parse(stdout);
  const ratios = (unit) => quartiles(turns.map(({ plain, wrapped }) => wrapped[unit] / plain[unit]));
  results.push({ transport, perSecond: ratios('perSecond'), perCpuSecond: ratios('perCpuSecond') });
}
server.kill();

const percent = (ratio) => `${(ratio * 100).toFixed(1)} %`;
const spread = ({ q1, median, q3 }) => `${percent(median)} (${percent(q1)} to ${percent(q3)})`;
writeResult('throughput', { node: process.version, pairs: PAIRS, results }, [
  `Messages echoed with the SDK as a share of those without it: median and middle half of ${PAIRS} pairs of adjacent turns, Node ${process.version}.`,
  '',
  '| Transport | Per second | Per second of processor time |',
  '|---|--:|--:|',
  ...results.map((row) => `| ${row.transport} | ${spread(row.perSecond)} | ${spread(row.perCpuSecond)} |`),
]);

function quartiles(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share) => sorted[Math.round((sorted.length - 1) * share)];
  return { q1: at(0.25), median: at(0.5), q3: at(0.75) };
}
