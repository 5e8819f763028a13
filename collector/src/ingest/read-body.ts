import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { RequestError } from './request-error.js';

const gunzipAsync = promisify(gunzip);

/** Text of a request body: unpacked up to `maxBytes`, and UTF-8 or refused. */
export async function readBody(body: Buffer, encoding: string | undefined, maxBytes: number): Promise<string> {
  const bytes = await unpack(body, encoding, maxBytes);
  if (bytes.length === 0) throw new RequestError(400, 'The body is empty; an envelope as JSON was expected.');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
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
    // `maxOutputLength` stops unpacking at the limit, so that a bomb costs no more memory than an honest body.
    return await gunzipAsync(body, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new RequestError(
        413,
        `The unpacked body is larger than the limit of ${maxBytes} bytes; send smaller batches.`,
      );
    }
    throw new RequestError(400, 'The body says Content-Encoding: gzip and is not gzip.');
  }
}
