// `npm run test:clickhouse`: the collector on ClickHouse. Its engine (npm `chdb`, half a gigabyte) is in no lock file: it is installed
// once into a folder of its own. With CLICKHOUSE_URL=clickhouse://user:password@host:8123/[?cluster=name] what every store must do runs
// on that server instead, in databases of its own. Arguments go to vitest;
// `-- --measure 1000000` prints how long each question takes on so many records.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import './provide.mjs';

const VERSION = '3.4.0';
const folder = resolve('node_modules', '.cache', `chdb-${VERSION}`);
const chdb = join(folder, 'node_modules', 'chdb');

if (process.env.CLICKHOUSE_URL === undefined && process.env.CHDB === undefined && !existsSync(chdb)) {
  console.log(`Installing the engine of ClickHouse, chdb ${VERSION} with 550 MB, into ${folder}`);
  const { status } = spawnSync(
    'npm',
    ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', `chdb@${VERSION}`],
    { stdio: 'inherit' },
  );
  if (status !== 0) process.exit(status ?? 1);
}

const [first, ...others] = process.argv.slice(2);
const tests = join('collector', 'test', 'clickhouse');
const program =
  first === '--measure'
    ? [join('node_modules', 'tsx', 'dist', 'cli.mjs'), join(tests, 'measure-questions.ts'), ...others]
    : [
        join('node_modules', 'vitest', 'vitest.mjs'),
        'run',
        '--config',
        join(tests, 'vitest.config.ts'),
        ...process.argv.slice(2),
      ];
const { status } = spawnSync(process.execPath, program, { stdio: 'inherit', env: { CHDB: chdb, ...process.env } });
process.exit(status ?? 1);
