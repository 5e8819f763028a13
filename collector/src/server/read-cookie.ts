import { createHmac, timingSafeEqual } from 'node:crypto';

/** Keeps a browser signed in; contains neither the token nor anything from which it could be derived. */
export interface ReadCookie {
  /** Value of `Set-Cookie`. */
  issue(nowMs: number, isSecure: boolean): string;
  isValid(cookieHeader: string | undefined, nowMs: number): boolean;
  readonly cleared: string;
}

const NAME = 'collector-read';
/** Another token invalidates it at once. */
const LIFETIME_MS = 30 * 24 * 3_600_000;
/**
 * Scripts cannot read it, and no other site can make a browser send it. Without `Path`, a browser sends it only to URLs next to the one
 * that set it, `/api/…` below whatever a proxy has put in front, and to nothing else on that host.
 */
const ATTRIBUTES = 'HttpOnly; SameSite=Strict';

export function createReadCookie(readToken: string): ReadCookie {
  const signatureOf = (expiresMs: string) => createHmac('sha256', readToken).update(`read until ${expiresMs}`).digest();
  return {
    issue(nowMs, isSecure) {
      const expiresMs = String(nowMs + LIFETIME_MS);
      const value = `${expiresMs}.${signatureOf(expiresMs).toString('base64url')}`;
      return `${NAME}=${value}; Max-Age=${LIFETIME_MS / 1000}; ${ATTRIBUTES}${isSecure ? '; Secure' : ''}`;
    },
    isValid(cookieHeader = '', nowMs) {
      const [, expiresMs = '', signature = ''] =
        new RegExp(`(?:^|;)\\s*${NAME}=(\\d{1,16})\\.([\\w-]{43})(?=;|\\s*$)`).exec(cookieHeader) ?? [];
      if (expiresMs === '' || Number(expiresMs) < nowMs) return false;
      return timingSafeEqual(Buffer.from(signature, 'base64url'), signatureOf(expiresMs));
    },
    cleared: `${NAME}=; Max-Age=0; ${ATTRIBUTES}`,
  };
}
