import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Stops all descendants of a process for so long, as a device does that sleeps. Linux only. */
export async function freezeProcesses(parent: number, ms: number): Promise<void> {
  const pids = descendantsOf(parent);
  if (parent === 0 || pids.length === 0) throw new Error('no process to freeze');
  const signal = (name: 'SIGSTOP' | 'SIGCONT') => {
    for (const pid of pids) {
      try {
        process.kill(pid, name);
      } catch {
        // It has ended meanwhile.
      }
    }
  };
  signal('SIGSTOP');
  try {
    await sleep(ms);
  } finally {
    signal('SIGCONT');
  }
}

function descendantsOf(parent: number): number[] {
  const parents = readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0)
    .flatMap((pid) => {
      try {
        // The name in brackets may hold anything (proc_pid_stat(5)): the parent is the second field after it.
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        return [[pid, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])] as const];
      } catch {
        return [];
      }
    });
  const below = (of: number): number[] =>
    parents.filter(([, above]) => above === of).flatMap(([pid]) => [pid, ...below(pid)]);
  return below(parent);
}
