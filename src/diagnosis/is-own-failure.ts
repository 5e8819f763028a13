import type { ErrorFacts } from '../signals/error-facts.js';

/**
 * Whether the system error `code` is about the address of the socket itself. In Node, polling follows redirects, so the failure may be at a
 * redirect's target, and an address that was given by name cannot be compared: then only the same failure of a probe that follows no
 * redirects is proof.
 */
export function isOwnFailure(
  { error, transport }: { readonly error: ErrorFacts; readonly transport: string | undefined },
  code: string,
  asked: { readonly http?: { readonly code?: string } } | undefined,
): boolean {
  return error.dialled === 'target' || transport === 'websocket' || asked?.http?.code === code;
}
