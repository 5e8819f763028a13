// `npm test`: everything, from a fresh clone after `npm ci`. The last line is `N passed, N failed`.
// Arguments go to vitest: `npm test -- --project unit`, `npm test -- websocket-blocked`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import './provide.mjs';

const minute = 60_000;
let passed = 0;
const failures = [];

check('build', 'npm', ['run', '--silent', 'build'], 5 * minute);
check('build of the collector', 'npm', ['run', '--silent', 'build:collector'], 5 * minute);
check('lint', 'npm', ['run', '--silent', 'lint'], 2 * minute);
check('types', 'npm', ['run', '--silent', 'typecheck'], 5 * minute);
runVitest(process.argv.slice(2));

for (const failure of failures) console.log(`FAILED ${failure}`);
console.log(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;

function check(name, command, args, timeout) {
  console.log(`\n> ${name}`);
  const { status, signal } = run(command, args, timeout);
  if (status === 0) passed += 1;
  else failures.push(signal ? `${name} (ended by ${signal})` : name);
}

function runVitest(args) {
  console.log('\n> tests');
  const folder = mkdtempSync(join(tmpdir(), 'vitest-'));
  const outputFile = join(folder, 'report.json');
  const vitest = join('node_modules', 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${outputFile}`];
  const { status, signal } = run(process.execPath, [vitest, 'run', ...reporters, ...args], 45 * minute);
  const before = failures.length;
  if (existsSync(outputFile)) count(JSON.parse(readFileSync(outputFile, 'utf8')));
  rmSync(folder, { recursive: true });
  // Errors outside of any test, or no report at all.
  if (status !== 0 && failures.length === before)
    failures.push(`vitest (${signal ?? `exit code ${status}`}, see above)`);
}

function count(report) {
  for (const file of report.testResults) {
    const path = relative('.', file.name);
    for (const test of file.assertionResults) {
      if (test.status === 'passed') passed += 1;
      else if (test.status === 'failed') failures.push(`${path}: ${test.fullName}`);
    }
    if (file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'))
      failures.push(path);
  }
}

function run(command, args, timeout) {
  return spawnSync(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout,
    env: { ...process.env, CI: 'true' },
  });
}
