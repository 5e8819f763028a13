import { expect, test } from 'vitest';
import { createFacts } from '../../src/diagnosis/facts.js';
import type { ErrorFacts } from '../../src/signals/error-facts.js';
import type { Signal } from '../../src/signals/signal.js';
import { pageContext } from './page-context.js';

const kinds: Readonly<Record<string, ErrorFacts>> = {
  a: { message: 'xhr poll error', status: 502 },
  b: { message: 'xhr poll error', status: 503 },
  c: { message: 'xhr poll error', status: 0, code: 'ECONNREFUSED' },
};

/** Whether an answer still counts that was given where `?` stands, after failures of these kinds, one a second. */
function counts(course: string): boolean {
  const signals = [...course].map((kind, index): Signal => {
    const when = { at: (index + 1) * 1_000, attempt: index + 1 };
    if (kind === '?') return { kind: 'probe', name: 'http-handshake', answer: 'no', durationMs: 5, ...when };
    const error = kinds[kind] as ErrorFacts;
    return { kind: 'connect-error', namespace: '/', source: 'transport', transport: 'polling', error, ...when };
  });
  const about = { phase: 'connect', namespace: '/', since: 0 } as const;
  const facts = createFacts({ schema: 1, ...pageContext, about, signals, droppedSignals: 0 });
  return facts.probe('http-handshake') !== undefined;
}

test('an answer counts while attempts go on to fail alike', () => {
  expect(counts('a?aaaaaaaaaa')).toBe(true);
});

test('it does not once they fail in another way', () => {
  expect(counts('a?b')).toBe(false);
  expect(counts('aaa?bbb')).toBe(false);
  expect(counts('aaa?bb?')).toBe(true);
  expect(counts('a?ba')).toBe(false);
});

test('what fails in two ways in turn does not lose its answers for ever', () => {
  expect(counts('a?bab')).toBe(true);
  expect(counts('a?babababababa')).toBe(true);
  expect(counts('aa?bbbaabaaabba')).toBe(true);
  expect(counts('a?bcabcabc')).toBe(true);
});

test('a turn that lasts is another state of the world, before it and since', () => {
  expect(counts('a?babbbbbbbb')).toBe(false);
  expect(counts('aaaaaaaa?babab')).toBe(false);
  expect(counts('aaaaaaaab?abab')).toBe(true);
});
