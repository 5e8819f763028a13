import { readdirSync } from 'node:fs';

/** Names of all faults, then of all healthy set-ups. */
export function allCodes(): string[] {
  return ['faults', 'healthy'].flatMap((folder) =>
    readdirSync(new URL(`../${folder}`, import.meta.url))
      .filter((name) => name.endsWith('.ts'))
      .map((name) => name.slice(0, -'.ts'.length)),
  );
}
