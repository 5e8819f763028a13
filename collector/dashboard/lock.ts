import { useEffect, useState } from 'preact/hooks';
import { addressOf, FOLDER } from './address.js';
import { forgetAnswers } from './kept-answers.js';

/** Other apps may be on the same host, and so may another collector. */
const KEY = `socket.io-diagnostics signed in at ${FOLDER}`;

const listeners = new Set<(isLocked: boolean) => void>();
let isLocked = false;

/** Call this when the collector asks for its token. */
export function lock(): void {
  forgetAnswers();
  if (!isLocked) tell(true);
}

/** Call this once the collector has accepted the token. */
export function unlock(): void {
  remember(true);
  tell(false);
}

/** Clears the cookie, then asks for the token again. */
export async function signOut(): Promise<void> {
  remember(false);
  forgetAnswers();
  await fetch(addressOf('/api/sign-out'), { method: 'POST' }).catch(() => {});
  tell(true);
}

/** Whether this browser was signed in by the form; the cookie itself is out of reach of scripts. */
export function wasSignedIn(): boolean {
  try {
    return localStorage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}

/** Whether the token is being asked for; the page is rendered again once it has been given. */
export function useLock(): boolean {
  const [current, setCurrent] = useState(isLocked);
  useEffect(() => {
    setCurrent(isLocked);
    listeners.add(setCurrent);
    return () => void listeners.delete(setCurrent);
  }, []);
  return current;
}

function tell(next: boolean): void {
  isLocked = next;
  for (const listener of listeners) listener(next);
}

function remember(signedIn: boolean): void {
  try {
    if (signedIn) localStorage.setItem(KEY, '1');
    else localStorage.removeItem(KEY);
  } catch {
    // If storage is denied, only the button to sign out is missing.
  }
}
