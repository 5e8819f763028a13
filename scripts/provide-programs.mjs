import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Debian keeps servers in sbin, which is not on every user's PATH. */
const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];

/**
 * Finds the programs, installs missing ones where it may (root on Debian), and puts their paths into `process.env`.
 * Returns one line that says what to install where it may not, or undefined.
 */
export function providePrograms(programs) {
  let missing = locate(programs);
  if (missing.length === 0) return undefined;
  const packages = [...new Set(missing.flatMap(({ debian }) => debian.split(' ')))];
  const names = packages.join(' ');
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) {
    return `The tests need ${missing.map(({ name }) => name).join(', ')}. On Debian or Ubuntu: sudo apt-get install --no-install-recommends ${names}. Elsewhere install them and name them in ${missing.map(({ env }) => env).join(', ')}.`;
  }
  console.log(`Installing ${names}`);
  aptGet(['update']);
  aptGet(['install', '--no-install-recommends', '--yes', ...packages]);
  missing = locate(programs);
  if (missing.length === 0) return undefined;
  return `apt-get could not install ${missing.map(({ debian }) => debian).join(' ')}; the tests need ${missing.length === 1 ? 'it' : 'them'}.`;
}

/** Those that are not there. */
function locate(programs) {
  return programs.filter((program) => {
    const given = process.env[program.env];
    const path =
      given && isExecutable(given)
        ? given
        : program.commands
            .flatMap((command) => [...folders, ...(program.folders ?? [])].map((folder) => join(folder, command)))
            .find((candidate) => isExecutable(candidate) && passes(candidate, program.check));
    if (path !== undefined) process.env[program.env] = path;
    return path === undefined;
  });
}

/** Whether the program runs with what the tests need of it, such as the modules of a Python. */
function passes(path, check) {
  return check === undefined || spawnSync(path, check, { stdio: 'ignore', timeout: 30_000 }).status === 0;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function aptGet(args) {
  spawnSync('apt-get', ['--quiet', '--quiet', ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    // RUNLEVEL=1 keeps Debian from starting the servers that it installs.
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
  });
}
