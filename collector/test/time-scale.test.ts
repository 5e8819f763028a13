import { describe, expect, it } from 'vitest';
import { formatMoment } from '../dashboard/format-moment.js';
import { timeScale } from '../dashboard/time-scale.js';

describe('timeScale', () => {
  it('is linear where nothing is far apart', () => {
    const { x, breaks } = timeScale([0, 100, 250, 1000], 1000);
    expect([x(0), x(100), x(1000), breaks]).toEqual([0, 100, 1000, []]);
  });

  it('cuts an hour without events short, and stays in order', () => {
    const moments = [2, 120, 180, 420, 3_600_402, 3_601_400, 3_603_770];
    const { x, breaks, ticks } = timeScale(moments, 800);
    expect(breaks).toMatchObject([{ ms: 3_599_982 }]);
    expect(x(3_603_770)).toBeCloseTo(800);
    expect(moments.map(x)).toEqual(moments.map(x).sort((a, b) => a - b));
    expect(ticks.filter(({ isAfterBreak }) => isAfterBreak).length).toBeGreaterThan(1);
  });

  it.each([[[]], [[0]], [[5, 5, 5]], [[0, Number.NaN, 1e300]]])('bears %j', (moments) => {
    const { x, ticks } = timeScale(moments, 300);
    expect(Number.isFinite(x(7))).toBe(true);
    expect(ticks.length).toBeLessThan(50);
  });
});

describe('formatMoment', () => {
  it('keeps the milliseconds', () => {
    expect([118, 3420, 65_001, 3_600_402].map(formatMoment)).toEqual(['118 ms', '3.42 s', '1:05.001', '1:00:00.402']);
  });
});
