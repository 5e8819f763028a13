import { globals } from './globals.js';

/** Compresses a text by the platform's own means (browsers since 2023, Node 18); undefined if there are none. */
export async function gzip(text: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const { CompressionStream, Response } = globals();
    if (!CompressionStream || !Response) return undefined;
    const packed = new Response(text).body?.pipeThrough(new CompressionStream('gzip'));
    return packed && new Uint8Array(await new Response(packed).arrayBuffer());
  } catch {
    return undefined;
  }
}
