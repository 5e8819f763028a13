import { createReadStream, createWriteStream, renameSync, rmSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { CollectorError } from './collector-error.js';
import { parseEnvelope } from './ingest/parse-envelope.js';
import { type OpenStoreOptions, openExistingStore, openStore } from './stores/open-store.js';
import type { ReceivedBatch, Store } from './stores/store.js';
import { adviceOf, StoreFailure } from './stores/store-failure.js';

/** Lines that are read before the store is opened, so that a file of something else is reported first. */
const FIRST_STEP = 100;

/** A file of something else may have a million of them. */
const MAX_REFUSALS = 100;

/** Instead of a file: standard output or input. */
const PIPE = '-';

/**
 * Writes everything that is stored as NDJSON, compressed if the name ends in `.gz`; resolves with the number of lines. An existing file is
 * replaced once the new one is complete.
 */
export async function exportTo(file: string, place: string, options?: OpenStoreOptions): Promise<number> {
  const store = await openExistingStore(place, options);
  let lines = 0;
  const counted = async function* () {
    for await (const line of store.exportLines()) {
      lines += 1;
      yield `${line}\n`;
    }
  };
  // Anything that is not a file, such as /dev/stdout, is written directly.
  const isFile = file !== PIPE && (statSync(file, { throwIfNoEntry: false })?.isFile() ?? true);
  const target = isFile ? `${file}.part` : file;
  try {
    await pipeline(
      Readable.from(counted()),
      isPacked(file) ? createGzip() : new PassThrough(),
      file === PIPE ? process.stdout : createWriteStream(target),
    );
    if (isFile) renameSync(target, file);
  } catch (error) {
    if (isFile) rmSync(target, { force: true });
    throw fileError(error, file);
  } finally {
    await store.close();
  }
  return lines;
}

export interface Imported {
  readonly records: number;
  /** How many of `records` were already there, in this revision or a later one. */
  readonly duplicates: number;
  /** One sentence for each line that could not be read; if there are very many, for the first ones, then the number of the others. */
  readonly refused: readonly string[];
}

/** Stores what `exportTo` wrote; doing it twice changes nothing. Nothing is created if there is nothing to store. */
export async function importFrom(file: string, place: string, options?: OpenStoreOptions): Promise<Imported> {
  const refused: string[] = [];
  let refusals = 0;
  const refuse = (number: number, reason: string) => {
    refusals += 1;
    if (refusals <= MAX_REFUSALS) refused.push(`line ${number}: ${reason}`);
  };
  let store: Store | undefined;
  let records = 0;
  let stored = 0;
  let step: ReceivedBatch[] = [];
  const write = async () => {
    if (step.length === 0) return;
    store ??= await openStore(place, options);
    const changes = await store.write(step);
    stored += changes.incidentIds.length + changes.sessions + changes.others;
    step = [];
  };
  const read = async () => {
    const input = file === PIPE ? process.stdin : createReadStream(file);
    const bytes = isPacked(file) ? createGunzip() : new PassThrough();
    const reading = pipeline(input, bytes);
    // Reported by the loop that reads, or right after it.
    reading.catch(() => {});
    let number = 0;
    for await (const line of createInterface({ input: bytes, crlfDelay: Number.POSITIVE_INFINITY })) {
      number += 1;
      if (line.trim() === '') continue;
      try {
        const { batch, rejected } = parseEnvelope(line, receivedAtOf(line), { lenient: true });
        if (rejected[0] !== undefined) refuse(number, rejected[0].reason);
        records += batch.incidents.length + batch.sessions.length + batch.others.length;
        if (!isEmpty(batch)) step.push(batch);
      } catch (error) {
        refuse(number, (error as Error).message);
      }
      if (step.length >= (store?.writes.maxBatches ?? FIRST_STEP)) await write();
    }
    await reading;
  };
  try {
    try {
      await read();
    } catch (error) {
      // From a file that ends too early, everything before that is stored.
      if (isFileError(error)) await write();
      throw error;
    }
    await write();
  } catch (error) {
    throw fileError(error, file, records === 0 ? '' : ` The ${records} records before that are stored.`);
  } finally {
    await store?.close();
  }
  if (refusals > MAX_REFUSALS) refused.push(`… and ${refusals - MAX_REFUSALS} more lines.`);
  return { records, duplicates: records - stored, refused };
}

function isEmpty({ incidents, sessions, others, dropped }: ReceivedBatch): boolean {
  return incidents.length + sessions.length + others.length + Object.keys(dropped).length === 0;
}

function receivedAtOf(line: string): number {
  const { receivedAt } = JSON.parse(line) as { receivedAt?: string };
  const at = Date.parse(receivedAt ?? '');
  return Number.isNaN(at) ? Date.now() : at;
}

function isPacked(file: string): boolean {
  return file.endsWith('.gz');
}

function fileError(error: unknown, file: string, rest = ''): unknown {
  if (error instanceof StoreFailure) return new CollectorError(`${error.message}. ${adviceOf(error)}`.trim());
  if (!isFileError(error)) return error;
  const name = file === PIPE ? 'The pipe' : file;
  return new CollectorError(`${name} could not be read or written to the end (${error.code}).${rest}`);
}

function isFileError(error: unknown): error is { readonly code: string } {
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' && /^(E[A-Z]+|Z_\w+)$/.test(code);
}
