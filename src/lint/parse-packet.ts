/** The head of a Socket.IO packet: what comes before its arguments, and the name of the event. */
export type ParsedPacket =
  | { readonly type: 'event'; readonly namespace: string; readonly ackId: string | undefined; readonly event: string }
  | { readonly type: 'ack'; readonly namespace: string; readonly ackId: string };

/** `<type>[<attachments>-][<namespace>,][<ack id>]["<event>"`: socket.io-parser 2.x to 4.x, the default parser. */
const EVENT = /^[25](?:\d+-)?(?:(\/[^,]*),)?(\d*)\["((?:[^"\\]|\\.)*)"/;
const ACK = /^[36](?:\d+-)?(?:(\/[^,]*),)?(\d+)\[/;

/** Reads the head of a packet; `undefined` for other packets and those of other parsers. */
export function parsePacket(data: unknown): ParsedPacket | undefined {
  if (typeof data !== 'string') return undefined;
  const event = EVENT.exec(data);
  if (event) {
    const [, namespace, ackId, name = ''] = event;
    return { type: 'event', namespace: pathOf(namespace), ackId: ackId || undefined, event: name };
  }
  const ack = ACK.exec(data);
  return ack ? { type: 'ack', namespace: pathOf(ack[1]), ackId: ack[2] ?? '' } : undefined;
}

/** Up to 2.x the query of a namespace travels with it. */
function pathOf(namespace: string | undefined): string {
  return namespace?.replace(/\?[\s\S]*/, '') || '/';
}
