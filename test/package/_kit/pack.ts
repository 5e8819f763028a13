import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** What `npm publish` would upload. */
    tarball: string;
    /** An empty project with the tarball and socket.io-client installed. */
    project: string;
  }
}

let folder: string;

/** Packs the package once, installs it as a user does, and tells the tests where both are. */
export function setup({ provide }: TestProject): void {
  if (!existsSync('dist/index.mjs')) throw new Error('There is no build to pack: run `npm run build` first.');
  folder = mkdtempSync(join(tmpdir(), 'package-'));
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { stdio: 'pipe' });
  const tarball = join(folder, readdirSync(folder)[0] ?? '');
  const project = join(folder, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'project', private: true }));
  try {
    install(project, tarball);
  } catch {
    link(project, tarball);
  }
  provide('tarball', tarball);
  provide('project', project);
}

export function teardown(): void {
  rmSync(folder, { recursive: true });
}

function install(project: string, tarball: string): void {
  const { version } = JSON.parse(readFileSync('node_modules/socket.io-client/package.json', 'utf8'));
  const flags = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--fetch-retries=0'];
  execFileSync('npm', ['install', tarball, `socket.io-client@${version}`, ...flags], {
    cwd: project,
    stdio: 'pipe',
    timeout: 60_000,
  });
}

/** Without a registry: the unpacked tarball beside links to what the workspace has installed. */
function link(project: string, tarball: string): void {
  const modules = join(project, 'node_modules');
  const own = join(modules, 'socket.io-diagnostics');
  rmSync(modules, { recursive: true, force: true });
  mkdirSync(own, { recursive: true });
  execFileSync('tar', ['-xzf', tarball, '-C', own, '--strip-components=1']);
  for (const name of ['mitt', 'socket.io-client']) symlinkSync(resolve('node_modules', name), join(modules, name));
}
