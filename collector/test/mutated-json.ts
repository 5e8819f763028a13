import type { SeededRandom } from './seeded-random.js';

/** Values as JSON texts, because much of what is hostile no JavaScript value can hold. */
const VALUES: readonly ((random: SeededRandom) => string)[] = [
  () => 'null',
  () => 'true',
  () => '-0',
  () => '-1',
  () => '0.1',
  () => '1e999',
  () => '-1e999',
  () => '1e308',
  () => '9007199254740992',
  () => '123456789012345678901234567890',
  () => '""',
  () => '[]',
  () => '{}',
  () => '[[],{},[null]]',
  () => '"\\u0000"',
  () => '"a\\u0000b"',
  () => '"\\ud800"',
  () => '"\\udfff\\ud800"',
  () => '"\\u2028\\u202e\\ufeff"',
  () => '"__proto__"',
  () => '"constructor"',
  () => '"toString"',
  () => '"2026-13-45T99:99:99Z"',
  () => '"0000-01-01T00:00:00.000Z"',
  () => '"+275760-09-13T00:00:00.001Z"',
  () => '"9999-12-31T23:59:59.999Z"',
  () => '"1970-01-01T00:00:00Z"',
  () => '"../../etc/passwd"',
  () => '"%2e%2e%2f%00"',
  () => '"\'; DROP TABLE incidents; --"',
  () => '"{\\"json\\":true}"',
  (random) => JSON.stringify('x'.repeat(random.pick([199, 200, 201, 1999, 2001, 50_000]))),
  () => JSON.stringify('\ud83d\udca9'.repeat(300)),
  (random) => nested(random.pick([10, 63, 64, 65, 500, 20_000])),
  (random) =>
    `[${Array(random.pick([200, 1001, 6000]))
      .fill('0')
      .join(',')}]`,
  () => `{${Array.from({ length: 300 }, (_, index) => `"k${index}":${index}`).join(',')}}`,
];

const KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'length',
  'then',
  '',
  '\0',
  'kind',
  'id',
  'a.b',
  '$ref',
];

/** The JSON of a value, broken in one to four places. */
export function mutatedJson(value: unknown, random: SeededRandom): string {
  const places: number[] = [];
  const size = countNodes(value);
  for (let left = 1 + random.below(4); left > 0; left -= 1) places.push(random.below(size));
  let node = 0;
  const write = (part: unknown): string => {
    const isHit = places.includes(node);
    node += 1;
    const text = writeWhole(part);
    return isHit ? broken(text, part, random) : text;
  };
  const writeWhole = (part: unknown): string => {
    if (Array.isArray(part)) return `[${part.map(write).join(',')}]`;
    if (typeof part !== 'object' || part === null) return JSON.stringify(part);
    return `{${Object.entries(part)
      .map(([key, one]) => `${JSON.stringify(key)}:${write(one)}`)
      .join(',')}}`;
  };
  return write(value);
}

function broken(text: string, part: unknown, random: SeededRandom): string {
  const value = random.pick(VALUES)(random);
  if (typeof part !== 'object' || part === null || random.chance(0.3)) return value;
  if (Array.isArray(part)) {
    const items = part.map((one) => JSON.stringify(one));
    if (random.chance(0.4)) items.splice(random.below(items.length + 1), 1);
    else items.splice(random.below(items.length + 1), 0, value, ...(random.chance(0.5) ? items.slice(0, 1) : []));
    return `[${items.join(',')}]`;
  }
  const names = Object.keys(part);
  const name = random.chance(0.5) && names.length > 0 ? random.pick(names) : random.pick(KEYS);
  // A key that is there twice: the last one counts for `JSON.parse`.
  const pair = `${JSON.stringify(name)}:${value}`;
  if (text === '{}') return `{${pair}}`;
  if (random.chance(0.3)) {
    const rest = Object.entries(part).filter(([key]) => key !== name);
    return JSON.stringify(Object.fromEntries(rest));
  }
  return random.chance(0.5) ? `{${pair},${text.slice(1)}` : `${text.slice(0, -1)},${pair}}`;
}

function nested(depth: number): string {
  return depth % 2 === 0 ? `${'['.repeat(depth)}${']'.repeat(depth)}` : `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
}

function countNodes(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce<number>((sum, one) => sum + countNodes(one), 1);
}
