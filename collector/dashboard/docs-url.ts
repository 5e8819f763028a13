/** URL of a page of the Socket.IO documentation, or nothing: a record from the field must not create links to anywhere else. */
export function docsUrl(docs: string): string | undefined {
  if (!URL.canParse(docs, 'https://socket.io')) return undefined;
  const url = new URL(docs, 'https://socket.io');
  return url.protocol === 'https:' && url.host === 'socket.io' ? url.href : undefined;
}
