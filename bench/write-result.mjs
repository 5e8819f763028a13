import { mkdirSync, writeFileSync } from 'node:fs';

/** Keeps a result as data and as Markdown under bench/results, and prints the Markdown. */
export function writeResult(name, data, markdown) {
  const folder = new URL('./results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL(`${name}.json`, folder), `${JSON.stringify(data, null, 2)}\n`);
  writeFileSync(new URL(`${name}.md`, folder), `${markdown.join('\n')}\n`);
  console.log(`\n${markdown.join('\n')}`);
}
