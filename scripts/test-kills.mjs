// `npm run test:kills`: a hundred times `kill -9` of a collector under load, or as often as is said behind `--`. Keeps what came of it in
// bench/results/kills.md.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { arch, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';

const [rounds = '100', ...rest] = process.argv.slice(2);
if (!/^[1-9]\d{0,5}$/.test(rounds) || rest.length > 0) {
  console.error(
    `npm run test:kills takes how often to kill, a whole number such as 100, not "${process.argv.slice(2).join(' ')}".`,
  );
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), 'kills-'));
const result = join(folder, 'result.json');
const vitest = join('node_modules', 'vitest', 'vitest.mjs');
const { status } = spawnSync(
  process.execPath,
  [vitest, 'run', '--project', 'collector', 'collector/test/kill.test.ts'],
  {
    stdio: 'inherit',
    env: { ...process.env, COLLECTOR_KILLS: rounds, COLLECTOR_KILLS_RESULT: result },
  },
);
if (status === 0) {
  const { promised, cutOff, stored } = JSON.parse(readFileSync(result, 'utf8'));
  const lines = [
    `\`npm run test:kills -- ${rounds}\` on ${process.platform} ${arch()} with ${cpus().length} cores, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}.`,
    '',
    `${rounds} times \`kill -9\` of the collector while 8 senders wait for answers, up to 10 ms behind a random one, on the same database. It had`,
    `answered ${promised} records with a 2xx; ${cutOff} requests were cut off and retried. After each kill, every acknowledged record was`,
    `there once, none was there twice and the database was intact; otherwise the run would have failed and not written this. In the end there`,
    `were ${stored} records, by counting rows as well as by the rollups of the dashboard.`,
  ];
  writeFileSync(new URL('../bench/results/kills.md', import.meta.url), `${lines.join('\n')}\n`);
  console.log(lines.join('\n'));
}
rmSync(folder, { recursive: true });
process.exitCode = status ?? 1;
