import { describe, expect, it } from 'vitest';
import { spreadOf } from '../dashboard/cause-spread.js';
import { escapeMarkdown } from '../dashboard/escape-markdown.js';
import { limitsTold } from '../dashboard/limits-told.js';
import { outcomesOf } from '../dashboard/outcomes-of.js';
import { pointsBetween } from '../dashboard/points-between.js';
import { timesItsShare } from '../dashboard/standing-out.js';
import type { Segment, Share } from '../src/stores/store.js';

const segment = (value: string, sessions: number): Segment => ({ value, sessions, incidents: 0, affectedSessions: 0 });
const share = (value: string, sessions: number): Share => ({ value, sessions, incidents: sessions });

describe('what stands out', () => {
  it('is what has far more than its share, and not by chance', () => {
    // A tenth of the sessions, nine tenths of the hits.
    expect(timesItsShare({ hits: 18, ofHits: 20, sessions: 100, ofSessions: 1000 })).toBeCloseTo(9);
    // As much as its share.
    expect(timesItsShare({ hits: 2, ofHits: 20, sessions: 100, ofSessions: 1000 })).toBeUndefined();
    // Two of two are chance.
    expect(timesItsShare({ hits: 2, ofHits: 2, sessions: 10, ofSessions: 1000 })).toBeUndefined();
    // Surely more, but hardly.
    expect(timesItsShare({ hits: 5800, ofHits: 10_000, sessions: 500, ofSessions: 1000 })).toBeUndefined();
    // Twice its share, but one in ten would have it by chance.
    expect(timesItsShare({ hits: 4, ofHits: 10, sessions: 200, ofSessions: 1000 })).toBeUndefined();
    // There is nothing else.
    expect(timesItsShare({ hits: 20, ofHits: 20, sessions: 1000, ofSessions: 1000 })).toBeUndefined();
    expect(timesItsShare({ hits: 20, ofHits: 20, sessions: 0, ofSessions: 1000 })).toBeUndefined();
  });

  it('is told among what is known only: browsers that tell no network must not make one look guilty', () => {
    const usual = [segment('', 700), segment('wifi', 225), segment('cellular', 75)];
    const [cellular, wifi, unknown] = spreadOf([share('cellular', 12), share('wifi', 3), share('', 40)], usual);
    expect(cellular).toMatchObject({ share: 0.8, usualShare: 0.25 });
    expect(cellular?.times).toBeCloseTo(3.2);
    expect(wifi).toEqual({ ...share('wifi', 3), share: 0.2, usualShare: 0.75 });
    expect(unknown).toEqual(share('', 40));
  });

  it('is not told of what no session is known of', () => {
    expect(spreadOf([share('chat.example', 5)])).toEqual([{ ...share('chat.example', 5), share: 1 }]);
    expect(spreadOf([share('', 5)], [segment('wifi', 10)])).toEqual([share('', 5)]);
  });
});

describe('outcomes', () => {
  it('are whole sessions, of which some neither connected nor failed', () => {
    expect(outcomesOf({ sessions: 13.5, connectedShare: 9 / 13.5, failedShare: 2.5 / 13.5 })).toEqual({
      failed: 3,
      over: 2,
    });
    expect(outcomesOf({ sessions: 4, connectedShare: 1, failedShare: 0 })).toEqual({ failed: 0, over: 0 });
  });

  it('are none of nothing', () => {
    expect(outcomesOf({ sessions: 0 })).toEqual({ failed: 0, over: 0 });
  });
});

describe('the change of a share', () => {
  it('is the difference of what is shown', () => {
    // 5.3 % and 5.1 %, a quarter of a point apart.
    expect(pointsBetween(4 / 75, 42 / 828)).toBe(-0.2);
    expect(pointsBetween(0.2266, 0.0773)).toBe(-15);
    expect(pointsBetween(0.50012, 0.50037)).toBe(0);
  });
});

describe('an option that JSON has no number for', () => {
  it('is no limit, not none', () => {
    const options = { reconnectionAttempts: null, timeoutMs: 20_000 };
    expect(limitsTold(options)).toEqual({ reconnectionAttempts: 'no limit', timeoutMs: 20_000 });
  });
});

describe('a name in Markdown', () => {
  it('is text, on one line', () => {
    expect(escapeMarkdown('[x](javascript:x)\n# <img src=x> @everybody `1`')).toBe(
      '\\[x\\](javascript:x) \\# \\<img src=x\\> \\@everybody \\`1\\`',
    );
  });
});
