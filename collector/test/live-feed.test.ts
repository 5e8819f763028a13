import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createLiveFeed } from '../src/server/live-feed.js';

/** The open response of somebody who listens, with so much of it unread. */
function listener(unreadBytes = 0) {
  const written: string[] = [];
  const response = Object.assign(new EventEmitter(), {
    writableLength: unreadBytes,
    isDestroyed: false,
    write: (text: string) => void written.push(text),
    end() {},
    destroy() {
      response.isDestroyed = true;
      response.emit('close');
    },
  });
  return { response: response as typeof response & ServerResponse, written };
}

function feed() {
  vi.useFakeTimers();
  const live = createLiveFeed();
  onTestFinished(() => {
    live.close();
    vi.useRealTimers();
  });
  return live;
}

it('takes no more listeners than it has room for, and another one when one has left', () => {
  const live = feed();
  const first = listener();
  expect(live.add(first.response)).toBe(true);
  let taken = 1;
  while (taken < 1_000 && live.add(listener().response)) taken += 1;
  expect(taken).toBe(200);
  first.response.destroy();
  expect([live.listeners, live.add(listener().response)]).toEqual([199, true]);
});

it('cuts off who does not read, and nobody else', () => {
  const live = feed();
  const [slow, quick] = [listener(300 * 1024), listener()];
  for (const { response } of [slow, quick]) live.add(response);
  live.publish({ incidentIds: ['a'], sessions: 0, others: 0 });
  vi.advanceTimersByTime(200);
  expect([slow.response.isDestroyed, quick.response.isDestroyed, live.listeners]).toEqual([true, false, 1]);
  expect(quick.written.at(-1)).toContain('"incidentIds":["a"]');
});

it('tells changes that come together as one, and says so when it does not name them all', () => {
  const live = feed();
  const { response, written } = listener();
  live.add(response);
  const told = () => JSON.parse(/data: (.*)/.exec(written.at(-1) ?? '')?.[1] ?? '');
  for (const id of ['a', 'b', 'a']) live.publish({ incidentIds: [id], sessions: 1, others: 0 });
  vi.advanceTimersByTime(200);
  expect(written).toHaveLength(2);
  expect(told()).toEqual({ incidentIds: ['a', 'b'], more: false, sessions: 3 });
  live.publish({ incidentIds: Array.from({ length: 201 }, (_, n) => `i${n}`), sessions: 0, others: 0 });
  vi.advanceTimersByTime(200);
  expect(told()).toMatchObject({ more: true, sessions: 0 });
  expect(told().incidentIds).toHaveLength(200);
});
