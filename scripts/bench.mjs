// `npm run bench`: installs what is compared (bench/ is no workspace, so that nobody else downloads it), builds, measures.
// `npm run bench:delivery -- --row refused --peer faro` measures what becomes of records if a collector fails, or a part of that.
import { execFileSync } from 'node:child_process';

const run = (command, args, cwd = '.') => execFileSync(command, args, { cwd, stdio: 'inherit' });
const [only, ...rest] = process.argv.slice(2);

// The collector is compared with what its own workspace has installed.
if (only !== 'collector') run('npm', ['ci', '--no-audit', '--no-fund'], 'bench');
run('npm', ['run', '--silent', 'build']);
if (only === 'delivery') run(process.execPath, ['bench/delivery.mjs', ...rest]);
else if (only === 'collector') {
  run('npm', ['run', '--silent', 'build:collector']);
  run(process.execPath, ['bench/collector.mjs', ...rest]);
} else {
  run(process.execPath, ['bench/sizes.mjs']);
  run(process.execPath, ['bench/throughput.mjs']);
}
