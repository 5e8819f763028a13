/**
 * The namespace of a socket, without the query that `manager.socket('/chat?token=…')` leaves in it, and without the user and password of a
 * whole URL that the client took to be a namespace.
 */
export function namespaceOf({ nsp }: { readonly nsp?: string | undefined }): string {
  return (typeof nsp === 'string' && nsp.replace(/[?#][\s\S]*/, '').replace(/\/\/[^/]*@/g, '//')) || '/';
}
