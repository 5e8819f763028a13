import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { CollectorError } from './collector-error.js';
import { parseEnvelope } from './ingest/parse-envelope.js';
import { openExistingStore, openStore } from './stores/open-store.js';
import type { ReceivedBatch } from './stores/store.js';
import { StoreFailure } from './stores/store-failure.js';

/** Writes everything that is stored as NDJSON, packed where the name ends in `.gz`; resolves with the number of lines. */
export async function exportTo(file: string, place: string): Promise<number> {
  const store = await openExistingStore(place);
  let lines = 0;
  const counted = async function* () {
    for await (const line of store.exportLines()) {
      lines += 1;
      yield `${line}\n`;
    }
  };
  try {
    await pipeline(
      Readable.from(counted()),
      isPacked(file) ? createGzip() : new PassThrough(),
      createWriteStream(file),
    );
  } catch (error) {
    throw fileError(error, file);
  } finally {
    await store.close();
  }
  return lines;
}

export interface Imported {
  readonly records: number;
  /** Of `records`, how many were there already, in this revision or a later one. */
  readonly duplicates: number;
  /** One sentence for each line that could not be read. */
  readonly refused: readonly string[];
}

/** Stores what `exportTo` wrote; a second time changes nothing. */
export async function importFrom(file: string, place: string): Promise<Imported> {
  const store = await openStore(place);
  const refused: string[] = [];
  let records = 0;
  let stored = 0;
  let step: ReceivedBatch[] = [];
  const write = async () => {
    const changes = await store.write(step);
    stored += changes.incidentIds.length + changes.sessions + changes.others;
    step = [];
  };
  try {
    const input = createReadStream(file);
    const bytes = isPacked(file) ? createGunzip() : new PassThrough();
    const reading = pipeline(input, bytes);
    // Told by the loop that reads, or right behind it.
    reading.catch(() => {});
    let number = 0;
    for await (const line of createInterface({ input: bytes, crlfDelay: Number.POSITIVE_INFINITY })) {
      number += 1;
      if (line.trim() === '') continue;
      try {
        const { batch, rejected } = parseEnvelope(line, receivedAtOf(line), { lenient: true });
        if (rejected[0] !== undefined) refused.push(`line ${number}: ${rejected[0].reason}`);
        records += batch.incidents.length + batch.sessions.length + batch.others.length;
        step.push(batch);
      } catch (error) {
        refused.push(`line ${number}: ${(error as Error).message}`);
      }
      if (step.length === store.writes.maxBatches) await write();
    }
    await write();
    await reading;
  } catch (error) {
    throw fileError(error, file);
  } finally {
    await store.close();
  }
  return { records, duplicates: records - stored, refused };
}

function receivedAtOf(line: string): number {
  const { receivedAt } = JSON.parse(line) as { receivedAt?: string };
  const at = Date.parse(receivedAt ?? '');
  return Number.isNaN(at) ? Date.now() : at;
}

function isPacked(file: string): boolean {
  return file.endsWith('.gz');
}

function fileError(error: unknown, file: string): unknown {
  if (error instanceof StoreFailure) return new CollectorError(`${error.message}. ${error.advice ?? ''}`.trim());
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' && /^(E[A-Z]+|Z_\w+)$/.test(code)
    ? new CollectorError(`${file} cannot be read or written to its end (${code}).`)
    : error;
}
