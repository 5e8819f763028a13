// `npm run bench`: installs what is compared (bench/ is no workspace, so that nobody else downloads it), builds, measures.
import { execFileSync } from 'node:child_process';

const run = (command, args, cwd = '.') => execFileSync(command, args, { cwd, stdio: 'inherit' });

run('npm', ['ci', '--no-audit', '--no-fund'], 'bench');
run('npm', ['run', '--silent', 'build']);
run(process.execPath, ['bench/sizes.mjs']);
run(process.execPath, ['bench/throughput.mjs']);
