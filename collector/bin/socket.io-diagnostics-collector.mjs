#!/usr/bin/env node
// A file of its own, so that a fresh clone has the command before it has the build.
import { existsSync } from 'node:fs';

const program = new URL('../dist/bin.js', import.meta.url);
if (existsSync(program)) {
  await import(program.href);
} else {
  console.error('The collector is not built yet: run "npm run build" and "npm run build:collector" first.');
  process.exitCode = 1;
}
