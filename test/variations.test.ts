import { expect, test } from 'vitest';
import { matchRules } from '../src/diagnosis/diagnose.js';
import { readRecordings } from './tools/exactness.js';
import { rules } from './tools/mutation/matrix.js';
import { brokenVariation, viewOf } from './tools/mutation/variation-view.js';
import { variations } from './tools/mutation/variations.js';

const recordings = new Map(readRecordings().map(({ name, recording }) => [name, recording]));

test.each(variations)('$from, but $but: $is', (variation) => {
  const facts = viewOf(variation, recordings);
  expect(brokenVariation(variation, matchRules(facts, rules))).toBeUndefined();
});
