import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const SECOND = 1_000;
const BOTH = ['chromium', 'node'];

/** Answers like this from the first request that carries an incident until `forMs` later, or only to that one. */
function fail(t, answer, forMs) {
  let firstAt;
  t.receiver.state.decide = ({ isMarked }) => {
    if (!isMarked) return 'store';
    if (firstAt === undefined) {
      firstAt = Date.now();
      t.canStoreAt = firstAt + (forMs ?? 0);
      return answer;
    }
    return Date.now() < t.canStoreAt ? answer : 'store';
  };
}

const answered = (id, title, answer, forMs, windowMs) => ({
  id,
  title,
  places: BOTH,
  async run(t) {
    fail(t, answer, forMs);
    await t.client.start();
    await t.arrived(windowMs);
  },
});

const refused = (seconds, windowMs) => ({
  id: `refused-${seconds}`,
  title: `Refused for ${seconds} s`,
  places: BOTH,
  async run(t) {
    await t.receiver.refuse();
    await t.client.start();
    const incident = await t.opened();
    t.canStoreAt = incident.at + t.peer.firstSendMs + seconds * SECOND;
    await wait(t.canStoreAt - Date.now());
    await t.receiver.accept();
    await t.arrived(windowMs);
  },
});

/** Nothing is wrong with the receiver. */
export const untroubled = {
  id: 'untroubled',
  async run(t) {
    await t.client.start();
    await t.arrived(30 * SECOND);
  },
};

/**
 * One fault each, the same for everyone. `t.canStoreAt` is when the receiver is well again: what arrives later than that is late.
 * How long a row is watched after it is more than any peer's longest pause there.
 */
export const rows = [
  answered(
    'retry-after-2',
    '503 with Retry-After 2 s',
    { status: 503, headers: { 'retry-after': '2' } },
    2 * SECOND,
    30 * SECOND,
  ),
  refused(5, 45 * SECOND),
  refused(60, 100 * SECOND),
  answered('one-500', 'One 500', { status: 500 }, undefined, 30 * SECOND),
  answered('one-429', 'One 429 without header', { status: 429 }, undefined, 75 * SECOND),
  {
    id: 'retry-after-120',
    title: '503 with Retry-After 120 s, reload in between',
    places: ['chromium'],
    async run(t) {
      fail(t, { status: 503, headers: { 'retry-after': '120' } }, 120 * SECOND);
      await t.client.start();
      await t.asked();
      await wait(SECOND);
      await t.client.load();
      await t.client.start();
      await t.arrived(60 * SECOND);
    },
  },
  {
    id: 'killed-collector',
    title: 'Collector killed between receipt and answer',
    places: BOTH,
    async run(t) {
      await t.receiver.refuse();
      const child = (mode) =>
        fork(
          fileURLToPath(new URL('./receiver-process.mjs', import.meta.url)),
          [t.peer.name, t.file, String(t.receiver.port), mode],
          { stdio: 'inherit' },
        );
      let receiver = child('die');
      t.onEnd(() => receiver.kill('SIGKILL'));
      const died = once(receiver, 'exit');
      await once(receiver, 'message');
      await t.client.start();
      await died;
      receiver = child('store');
      await once(receiver, 'message');
      t.canStoreAt = Date.now();
      // It is stored already: what counts is whether it is stored again.
      await wait(20 * SECOND);
      await t.arrived(0);
    },
  },
  {
    id: 'too-large',
    title: '413 above 16 kB, 12 incidents at once',
    places: BOTH,
    sockets: 12,
    async run(t) {
      t.receiver.state.decide = ({ size, stage }) => (stage === 'end' && size > 16_000 ? { status: 413 } : 'store');
      await t.client.start();
      await t.opened();
      t.canStoreAt = Date.now() + t.peer.firstSendMs;
      await t.arrived(45 * SECOND);
    },
  },
  {
    id: 'page-closed',
    title: 'Page closed 50 ms after the failure',
    places: ['chromium'],
    async run(t) {
      await t.client.start();
      await t.opened();
      await wait(50);
      await t.client.close();
      t.canStoreAt = Date.now();
      await t.arrived(15 * SECOND);
    },
  },
  {
    id: 'browser-killed',
    title: 'Browser killed 1 s after the failure with the collector down, restarted',
    places: ['chromium'],
    own: true,
    async run(t) {
      await t.receiver.refuse();
      await t.client.start();
      await t.opened();
      await wait(SECOND);
      await t.client.kill();
      await t.receiver.accept();
      await t.client.restart();
      t.canStoreAt = Date.now();
      await t.client.start();
      await t.arrived(150 * SECOND);
    },
  },
  {
    id: 'offline-visit',
    title: 'Offline for the whole first visit',
    places: ['chromium'],
    async run(t) {
      await t.client.context.setOffline(true);
      await t.client.start();
      await t.opened();
      await wait(3 * SECOND);
      await t.client.close();
      await t.client.context.setOffline(false);
      await t.client.open();
      t.canStoreAt = Date.now();
      await t.client.start();
      await t.arrived(45 * SECOND);
    },
  },
  {
    id: 'reset',
    title: 'Connection reset in mid-body',
    places: BOTH,
    async run(t) {
      let isReset = false;
      t.receiver.state.decide = ({ size, stage }) => {
        // Bodies below this carry no incident.
        if (stage === 'end' || isReset || size < 1_000) return 'store';
        isReset = true;
        t.canStoreAt = Date.now();
        return 'reset';
      };
      await t.client.start();
      await t.arrived(30 * SECOND);
    },
  },
  {
    id: 'outage-20',
    title: 'A 20-minute outage (page clock)',
    places: ['chromium'],
    virtual: true,
    async run(t) {
      await t.receiver.refuse();
      const { clock } = t.client.page;
      const pageNow = () => t.client.page.evaluate(() => Date.now());
      await t.client.start();
      let incident;
      // Time passes in steps, with a moment for the network in each.
      const pass = async (seconds, isOver = () => false) => {
        for (let passed = 0; passed < seconds && !isOver(); passed++) {
          await clock.runFor(SECOND);
          await wait(20);
        }
      };
      t.opened().then((event) => {
        incident = event;
      });
      await pass(60, () => incident !== undefined);
      await pass(20 * 60);
      await t.receiver.accept();
      const acceptedAt = await pageNow();
      t.canStoreAt = Date.now();
      await pass(30 * 60, () => t.isStored());
      t.lateMs = (await pageNow()) - acceptedAt;
      await t.arrived(0);
      const stop = t.client.stop();
      await pass(30);
      await stop;
    },
  },
];
