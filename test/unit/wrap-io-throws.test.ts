import { io as plainIo } from 'socket.io-client';
import { expect, test } from 'vitest';
import type { DiagnosticsEvents } from '../../src/index.node.js';
import { wrapIo } from '../../src/index.node.js';

const told = (transports: unknown[]) =>
  new Promise<{ thrown: unknown; event: DiagnosticsEvents['diagnosis'] }>((resolve) => {
    let thrown: unknown;
    const io = wrapIo(plainIo, {
      probe: 'never',
      onDiagnosis: (event) => resolve({ thrown, event }),
    });
    try {
      io('http://127.0.0.1:9', { transports: transports as never, forceNew: true });
    } catch (error) {
      thrown = error;
    }
  });

test('io() throws for a transport that does not exist as it does without us, and the reason is told', async () => {
  const { thrown, event } = await told(['websockets']);
  expect(thrown).toBeInstanceOf(TypeError);
  expect(event.diagnosis).toMatchObject({ code: 'transport-not-available', certainty: 'confirmed' });
});

test('an exception that has nothing to do with transports is only passed on', async () => {
  const broken = Object.assign(() => {
    throw new Error('of the app');
  });
  let count = 0;
  const io = wrapIo(broken as unknown as typeof plainIo, { onDiagnosis: () => void count++ });
  expect(() => io('http://127.0.0.1:9', { transports: ['websocket'] })).toThrow('of the app');
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(count).toBe(0);
});
