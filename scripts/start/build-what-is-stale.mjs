import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What the demo needs of each build, and what that is built from. */
const builds = [
  {
    name: 'the SDK',
    script: 'build',
    from: ['src', 'rollup.config.mjs', 'scripts/lower-nullish.mjs', 'tsconfig.json'],
    to: ['dist/socket.io-diagnostics.min.js'],
  },
  {
    name: 'the collector',
    script: 'build:collector',
    // The dashboard contains the explanations of the SDK.
    from: ['collector/src', 'collector/dashboard', 'collector/tsconfig.build.json', 'collector/vite.config.ts', 'src'],
    to: ['collector/dist/index.js', 'collector/dist/dashboard/index.html'],
  },
];

/** Builds what is missing or older than its sources, all at once; rejects with the output of the failed build. */
export async function buildWhatIsStale() {
  const stale = builds.filter(({ from, to }) => newest(from) > oldest(to));
  if (stale.length === 0) return;
  const names = stale.map(({ name }) => name).join(' and ');
  console.log(`Building ${names}: some ten seconds, only when the sources have changed.`);
  await Promise.all(stale.map(build));
}

function build({ name, script }) {
  return new Promise((resolve, reject) => {
    const npm = spawn('npm', ['run', '--silent', script], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let said = '';
    const listen = (chunk) => {
      said += chunk;
    };
    npm.stdout.on('data', listen);
    npm.stderr.on('data', listen);
    npm.on('error', reject);
    npm.on('close', (code) => {
      if (code === 0) resolve();
      else reject(Object.assign(new Error(`${said}\nThe build of ${name} failed.`), { isTold: true }));
    });
  });
}

function newest(paths) {
  return Math.max(...paths.flatMap((path) => changesIn(`${root}${path}`)));
}

function oldest(paths) {
  return Math.min(...paths.map((path) => statSync(`${root}${path}`, { throwIfNoEntry: false })?.mtimeMs ?? 0));
}

/** When a file, or each file in a folder, was changed. */
function changesIn(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return [0];
  if (!found.isDirectory()) return [found.mtimeMs];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => changesIn(`${path}/${entry.name}`));
}
