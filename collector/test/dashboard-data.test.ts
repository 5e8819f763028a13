import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const main = fileURLToPath(new URL('./dashboard-data/main.ts', import.meta.url));

it.each([
  [['--vists', '3'], "Unknown option '--vists'."],
  [['--visits', 'many'], '--visits takes a whole number from 1 to 100000, not "many".'],
])('npm run dashboard:data says what is wrong with %j, and what there is', (args, error) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', main, ...args], {
    encoding: 'utf8',
  });
  expect([status, stdout, stderr.split('\n')[0]]).toEqual([1, '', error]);
  expect(stderr).toContain('--fill-only');
  expect(stderr).not.toContain('    at ');
});
