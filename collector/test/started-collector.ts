import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, onTestFinished } from 'vitest';
import { type Collector, type CollectorOptions, startCollector } from '../src/index.js';

/** A collector on a free port that is stopped when the test ends. */
export async function startedCollector(options: CollectorOptions = {}): Promise<Collector> {
  const collector = await startCollector({ port: 0, data: temporaryFolder(), ...options });
  onTestFinished(() => collector.close());
  return collector;
}

/** As `startedCollector`, on a ClickHouse server. */
export async function startedCollectorOn(store: string): Promise<Collector> {
  const collector = await startCollector({ port: 0, store });
  onTestFinished(() => collector.close());
  return collector;
}

/** A folder that is removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'collector-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder for all tests of a file, which is removed when they have ended. */
export function temporaryFolderForAll(): string {
  const folder = mkdtempSync(join(tmpdir(), 'collector-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Posts a body as the SDK does. */
export async function post(collector: Collector, body: unknown, headers: Record<string, string> = {}) {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  const response = await fetch(collector.recordsUrl, {
    method: 'POST',
    headers: { 'content-type': 'text/plain', ...headers },
    body: isRaw ? (body as string) : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, answer: await response.json() };
}

export async function read(collector: Collector, path: string) {
  const response = await fetch(`${collector.url}${path}`);
  return { status: response.status, body: await response.json() };
}
