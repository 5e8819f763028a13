import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, onTestFinished, test } from 'vitest';
import { createDelivery } from '../../src/delivery/delivery.js';
import { nodeRuntime } from '../../src/runtime/node.js';
import { fileStorage } from '../../src/runtime/node-file-storage.js';
import { incidentRecord, OK, originOf, RETRY, recordingSink } from './delivery-kit.js';

const name = 'https://collector.example/v1/records';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'records-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

test('keeps texts under any name', () => {
  const storage = fileStorage(join(folder(), 'made', 'when needed'));
  expect(storage.keys()).toEqual([]);
  const keys = ['a', `b:${'https://x/'.repeat(50)}`, 'ü/../..'];
  for (const key of keys) expect(storage.set(key, `text\nof ${key}`)).toBe(true);
  expect([...storage.keys()].sort()).toEqual([...keys].sort());
  for (const key of keys) expect(storage.get(key)).toBe(`text\nof ${key}`);
  for (const key of keys) storage.remove(key);
  expect(storage.keys()).toEqual([]);
});

test('a folder that cannot be used stores nothing and harms nobody', async () => {
  const file = join(folder(), 'file');
  writeFileSync(file, '');
  const storage = fileStorage(file);
  expect(storage.set('a', 'x')).toBe(false);
  expect(storage.get('a')).toBeUndefined();
  expect(storage.keys()).toEqual([]);
  storage.remove('a');
  const delivery = createDelivery({
    sinks: [recordingSink(() => OK, name)],
    runtime: nodeRuntime(),
    origin: originOf('one'),
    storage,
  });
  delivery.add(incidentRecord('a'), true);
  expect(await delivery.flush()).toBe(true);
  await delivery.close();
});

test('one at a time does what is exclusive; a lock that a dead process left is broken', async () => {
  const path = folder();
  const storage = fileStorage(path);
  writeFileSync(join(path, 'lock'), '');
  utimesSync(join(path, 'lock'), 1, 1);
  const order: string[] = [];
  const task = (own: string) =>
    storage.exclusive?.('x', async () => {
      order.push(`${own} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`${own} ends`);
    });
  await Promise.all([task('one'), task('two')]);
  expect(order[1]?.slice(0, 3)).toBe(order[0]?.slice(0, 3));
  expect(order).toHaveLength(4);
  expect(readdirSync(path)).toEqual([]);
});

test('the next process sends what the last one could not', async () => {
  const storage = fileStorage(folder());
  const runtime = nodeRuntime();
  const first = createDelivery({
    sinks: [recordingSink(() => RETRY, name)],
    runtime,
    origin: originOf('one'),
    storage,
  });
  first.add(incidentRecord('a'), true);
  await first.close();
  expect(storage.keys()).toHaveLength(1);

  let safe: (ids: readonly string[]) => void = () => {};
  const sent = new Promise<readonly string[]>((resolve) => {
    safe = resolve;
  });
  const sink = recordingSink((ids) => {
    safe(ids);
    return OK;
  }, name);
  const next = createDelivery({ sinks: [sink], runtime, origin: originOf('two'), storage });
  expect(await sent).toEqual(['a.1']);
  expect(sink.sends[0]?.context.envelope.session.id).toBe('one');
  await next.close();
  expect(storage.keys()).toEqual([]);
});

test('processes that share a folder, some of them killed, never read half a text', async () => {
  const path = folder();
  const { outputFiles } = await build({
    stdin: {
      contents: `import { fileStorage } from './src/runtime/node-file-storage.ts';
        const storage = fileStorage(process.argv[1]);
        const check = () => {
          for (const key of storage.keys()) {
            const text = storage.get(key);
            if (text !== undefined && JSON.parse(text).length !== 5000) throw new Error('half a text');
          }
        };
        process.stdout.write('ready');
        for (let n = 0; ; n++) {
          storage.set('own' + process.pid, JSON.stringify('x'.repeat(5000)));
          storage.set('shared', JSON.stringify('y'.repeat(5000)));
          check();
        }`,
      resolveDir: process.cwd(),
      loader: 'ts',
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
  });
  const code = outputFiles[0]?.text ?? '';
  const errors: string[] = [];
  const start = async () => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', code, path]);
    child.stderr.on('data', (text) => errors.push(String(text)));
    await once(child.stdout, 'data');
    return child;
  };
  const storage = fileStorage(path);
  for (let round = 0; round < 4; round++) {
    const children = await Promise.all([start(), start()]);
    for (let n = 0; n < 200; n++) {
      for (const key of storage.keys()) {
        const text = storage.get(key);
        if (text !== undefined) expect(JSON.parse(text)).toHaveLength(5000);
      }
    }
    await Promise.all(
      children.map(async (child) => {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }),
    );
  }
  expect(errors).toEqual([]);
});
