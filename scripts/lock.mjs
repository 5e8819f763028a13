// Rewrites package-lock.json from the manifests alone. `npm install` beside an existing node_modules leaves out the packages of
// other platforms (npm/cli#4828), and then `npm ci` refuses the lock file.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const manifests = [
  'package.json',
  'collector/package.json',
  ...readdirSync('examples').map((folder) => `examples/${folder}/package.json`),
].filter((path) => existsSync(path));

const scratch = mkdtempSync(join(tmpdir(), 'lock-'));
for (const path of manifests) {
  mkdirSync(dirname(join(scratch, path)), { recursive: true });
  copyFileSync(path, join(scratch, path));
}
execFileSync('npm', ['install', '--package-lock-only', '--ignore-scripts', '--omit-lockfile-registry-resolved'], {
  cwd: scratch,
  stdio: 'inherit',
});
copyFileSync(join(scratch, 'package-lock.json'), 'package-lock.json');
rmSync(scratch, { recursive: true });
