import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Debian keeps servers in sbin, which is not on every user's PATH. */
const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];

/** A machine that has just started often installs its updates, and that process holds the lock of dpkg for some minutes. */
const LOCK_TIMEOUT_S = 300;
/** How long a mirror may be silent; three tries. */
const MIRROR_TIMEOUT_S = 20;

/**
 * Finds the programs, installs missing ones if it may (root on Debian), and puts their paths into `process.env`. Resolves with one line
 * that says what to install if it may not, or undefined.
 */
export async function providePrograms(programs) {
  let missing = await locate(programs);
  if (missing.length === 0) return undefined;
  const command = `apt-get install --no-install-recommends ${debianNames(missing)}`;
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    return `The tests need ${names(missing)}. On Debian or Ubuntu: sudo ${command}. Elsewhere install them and name them in ${missing.map(({ env }) => env).join(', ')}.`;
  }
  console.log(`Installing ${debianNames(missing)}`);
  // Without the newest package lists, the existing ones may still do.
  const updating = await aptGet(['update']);
  const installing = await aptGet(['install', '--no-install-recommends', '--yes', ...debianNames(missing).split(' ')]);
  missing = await locate(programs);
  if (missing.length === 0) return undefined;
  return `The tests need ${names(missing)}, which apt-get could not install (${[updating, installing].filter(Boolean).join('; ')}). Once it can: ${command}`;
}

const names = (programs) => programs.map(({ name }) => name).join(', ');

const debianNames = (programs) => [...new Set(programs.flatMap(({ debian }) => debian.split(' ')))].join(' ');

/** Those that are missing. */
async function locate(programs) {
  const paths = await Promise.all(programs.map(locateOne));
  return programs.filter(({ env }, index) => {
    const path = paths[index];
    if (path !== undefined) process.env[env] = path;
    return path === undefined;
  });
}

async function locateOne({ env, commands, folders: more = [], check }) {
  const given = process.env[env];
  if (given && isExecutable(given)) return given;
  for (const candidate of commands.flatMap((command) => [...folders, ...more].map((folder) => join(folder, command)))) {
    if (isExecutable(candidate) && (check === undefined || (await passes(candidate, check)))) return candidate;
  }
  return undefined;
}

/** Whether the program runs with what the tests need of it, such as the modules of a Python. */
async function passes(path, check) {
  const child = spawn(path, check, { stdio: 'ignore', timeout: 30_000 });
  const [status] = await once(child, 'exit').catch(() => []);
  return status === 0;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Resolves with the first thing that it complained about, if any. */
async function aptGet(args) {
  const options = {
    'DPkg::Lock::Timeout': LOCK_TIMEOUT_S,
    'Acquire::Retries': 2,
    'Acquire::http::Timeout': MIRROR_TIMEOUT_S,
    'Acquire::https::Timeout': MIRROR_TIMEOUT_S,
  };
  const set = Object.entries(options).flatMap(([name, value]) => ['--option', `${name}=${value}`]);
  const child = spawn('apt-get', ['--quiet', '--quiet', ...set, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // RUNLEVEL=1 keeps Debian from starting the servers that it installs.
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1', LC_ALL: 'C' },
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  await once(child, 'close').catch((error) => {
    said += `E: ${error.message}`;
  });
  return /^[EW]: (.*)/m.exec(said)?.[1] ?? '';
}
