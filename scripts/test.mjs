// `npm test`: everything, from a fresh clone after `npm ci`. The last line is `N passed, N failed`.
// Arguments go to vitest: `npm test -- --project unit`, `npm test -- websocket-blocked`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { providePrograms } from './provide-programs.mjs';
import { systemPackages } from './system-packages.mjs';

const minute = 60_000;
/** Each takes half a minute at most: anything that takes longer hangs, or the machine is overloaded. */
const CHECK_LIMIT_MS = 15 * minute;
let passed = 0;
const failures = [];

// None of these waits for another, and each keeps one processor busy at most.
const [problem] = await Promise.all([
  providePrograms(systemPackages),
  check('build', ['run', '--silent', 'build']).then(() =>
    check('build of the collector', ['run', '--silent', 'build:collector']),
  ),
  check('lint', ['run', '--silent', 'lint']).then(() => check('types', ['run', '--silent', 'typecheck'])),
]);
if (problem === undefined) await runVitest(process.argv.slice(2));
else failures.push(problem);

for (const failure of failures) console.log(`FAILED ${failure}`);
console.log(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 ? 0 : 1;

/** Output is shown in one piece, because others run at the same time. */
async function check(name, args) {
  const child = spawn('npm', args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: CHECK_LIMIT_MS,
    env: { ...process.env, CI: 'true' },
  });
  let said = '';
  for (const output of [child.stdout, child.stderr])
    output.on('data', (chunk) => {
      said += chunk;
    });
  const [status, signal] = await once(child, 'close');
  console.log(`\n> ${name}\n${said}`.trimEnd());
  if (status === 0) passed += 1;
  else failures.push(signal ? `${name} (ended by ${signal})` : name);
}

async function runVitest(args) {
  console.log('\n> tests');
  const folder = mkdtempSync(join(tmpdir(), 'vitest-'));
  const report = join(folder, 'report.json');
  const child = spawn(process.execPath, [join('node_modules', 'vitest', 'vitest.mjs'), 'run', ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: 45 * minute,
    env: { ...process.env, CI: 'true', VITEST_REPORT: report, ...homeIn(folder) },
  });
  const [status, signal] = await once(child, 'exit');
  const before = failures.length;
  if (existsSync(report)) count(JSON.parse(readFileSync(report, 'utf8')));
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  // Errors outside of any test, or no report at all.
  if (status !== 0 && failures.length === before)
    failures.push(`vitest (${signal ?? `exit code ${status}`}, see above)`);
}

/** Browsers and npm need a writable home, which a build user does not always have. */
function homeIn(folder) {
  try {
    accessSync(homedir(), constants.W_OK);
    return {};
  } catch {
    const home = join(folder, 'home');
    mkdirSync(home);
    // npm has told its scripts where its cache is, based on the home that does not exist.
    return { HOME: home, npm_config_cache: join(home, '.npm') };
  }
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
