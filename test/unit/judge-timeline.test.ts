import { expect, test } from 'vitest';
import { judgeTimeline, version } from '../../src/judge-timeline.js';
import { SDK_VERSION } from '../../src/version.js';
import { readRecordings } from '../tools/exactness.js';

const recordings = readRecordings();

test('every recorded failure gets the answer that it was recorded for, from its timeline as JSON alone', () => {
  const wrong = recordings.flatMap(({ name, recording: { code, expect: expected, timeline } }) => {
    const { diagnosis } = judgeTimeline(JSON.parse(JSON.stringify(timeline)));
    const listed = diagnosis ? [diagnosis.code, ...diagnosis.alternatives.map((one) => one.code)] : [null];
    const certainty = code === null ? undefined : (expected.certainty ?? 'confirmed');
    return (listed as (string | null)[]).includes(code) && diagnosis?.certainty === certainty ? [] : [name];
  });
  expect(wrong).toEqual([]);
  expect(recordings.some(({ recording }) => recording.code === null)).toBe(true);
  expect(version).toBe(SDK_VERSION);
});
