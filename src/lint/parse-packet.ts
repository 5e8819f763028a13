import { namespaceOf } from '../signals/namespace-of.js';

/** The head of a Socket.IO packet: what precedes its arguments, and the name of the event. */
export type ParsedPacket =
  | { readonly type: 'event'; readonly namespace: string; readonly ackId: string | undefined; readonly event: string }
  | { readonly type: 'ack'; readonly namespace: string; readonly ackId: string };

/** `<type>[<attachments>-][<namespace>,][<ack id>]["<event>"`: socket.io-parser 2.x to 4.x, the default parser. */
const EVENT = /^[25](?:\d+-)?(?:(\/[^,]*),)?(\d*)\["((?:[^"\\]|\\.)*)"/;
const ACK = /^[36](?:\d+-)?(?:(\/[^,]*),)?(\d+)\[/;

/**
 * Reads the head of a packet; `undefined` for other packets and those of other parsers. Up to 2.x, the query of a namespace travels with
 * it.
 */
export function parsePacket(data: unknown): ParsedPacket | undefined {
  if (typeof data !== 'string') return undefined;
  const event = EVENT.exec(data);
  if (event) {
    const [, nsp, ackId, name = ''] = event;
    return { type: 'event', namespace: namespaceOf({ nsp }), ackId: ackId || undefined, event: name };
  }
  const ack = ACK.exec(data);
  return ack ? { type: 'ack', namespace: namespaceOf({ nsp: ack[1] }), ackId: ack[2] ?? '' } : undefined;
}
