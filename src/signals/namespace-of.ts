/** The namespace of a socket without the query that `manager.socket('/chat?token=…')` leaves in it. */
export function namespaceOf({ nsp }: { readonly nsp?: string | undefined }): string {
  return (typeof nsp === 'string' && nsp.replace(/[?#][\s\S]*/, '')) || '/';
}
