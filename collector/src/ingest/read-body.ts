import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { ByteHold } from './byte-budget.js';
import { RequestError } from './request-error.js';

const gunzipAsync = promisify(gunzip);

/** Keeps nothing from one body to the next: without `stream`, each call starts afresh, even after one that threw. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Long enough for the disk to catch up, short enough for a page that is about to be left. */
const FULL_RETRY_AFTER_S = 5;

/**
 * The bytes of a request; counted as they arrive, so that slow bodies count, too. By events: an async iterator costs each request more than
 * its validation.
 */
export function receiveBody(stream: Readable, maxBytes: number, hold: ByteHold): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const take = (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      try {
        if (size > maxBytes) throw tooLarge('The body', maxBytes);
        holdOrRefuse(hold, chunk.length);
      } catch (error) {
        // Node reads the rest once the response is out.
        stream.off('data', take).pause();
        reject(error);
      }
    };
    stream.on('data', take);
    stream.once('end', () => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size)));
    stream.once('error', reject);
    stream.once('close', () => {
      if (!stream.readableEnded) reject(new Error('The sender disconnected in the middle of a body.'));
    });
  });
}

/** Text of a request body: decompressed up to `maxBytes`, and UTF-8 or rejected. */
export async function readBody(
  body: Buffer,
  encoding: string | undefined,
  maxBytes: number,
  hold: ByteHold,
): Promise<string> {
  const bytes = await unpack(body, encoding, maxBytes);
  if (bytes !== body) holdOrRefuse(hold, bytes.length);
  if (bytes.length === 0) throw new RequestError(400, 'The body is empty; an envelope as JSON was expected.');
  try {
    return utf8.decode(bytes);
  } catch {
    throw new RequestError(400, 'The body is not UTF-8.');
  }
}

async function unpack(body: Buffer, encoding: string | undefined, maxBytes: number): Promise<Buffer> {
  if (encoding === undefined || encoding === '' || encoding === 'identity') return body;
  if (encoding !== 'gzip') {
    throw new RequestError(415, `Content-Encoding "${encoding}" is not supported; send gzip or nothing.`);
  }
  try {
    // `maxOutputLength` stops decompression at the limit, so that a zip bomb costs no more memory than an honest body.
    return await gunzipAsync(body, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw tooLarge('The unpacked body', maxBytes);
    }
    throw new RequestError(400, 'The request says Content-Encoding: gzip, but the body is not gzip.');
  }
}

function holdOrRefuse(hold: ByteHold, bytes: number): void {
  if (hold.grow(bytes)) return;
  throw new RequestError(
    429,
    'More is waiting to be written to disk than the collector may hold in memory; nothing in this request was stored.',
    FULL_RETRY_AFTER_S,
  );
}

function tooLarge(what: string, maxBytes: number): RequestError {
  return new RequestError(413, `${what} is larger than the limit of ${maxBytes} bytes; send smaller batches.`);
}
