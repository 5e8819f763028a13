import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { LiveChange } from '../src/server/live-feed.js';
import { useLive } from './use-live.js';

export interface Answer<T> {
  /** The newest answer to this very question; stays while it is asked again. */
  readonly data?: T;
  readonly error?: { readonly status: number; readonly message: string };
}

const always = () => true;

/** Asks the read API, and again after each change that `concerns` it. */
export function useQuestion<T>(path: string, concerns: (change: LiveChange) => boolean = always): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T> & { readonly path: string }>({ path });
  const pending = useRef<AbortController | undefined>(undefined);

  const ask = useCallback(async () => {
    pending.current?.abort();
    const controller = new AbortController();
    pending.current = controller;
    const next = await fetchAnswer<T>(path, controller.signal);
    if (!controller.signal.aborted)
      setAnswer((last) => ({ path, ...(next.data || last.path !== path ? {} : last), ...next }));
  }, [path]);

  useEffect(() => {
    ask();
    return () => pending.current?.abort();
  }, [ask]);

  const concernsRef = useRef(concerns);
  concernsRef.current = concerns;
  useLive(
    useCallback(
      (change) => {
        if (change === 'missed-some' || concernsRef.current(change)) ask();
      },
      [ask],
    ),
  );
  return answer.path === path ? answer : {};
}

async function fetchAnswer<T>(path: string, signal: AbortSignal): Promise<Answer<T>> {
  try {
    const response = await fetch(path, { signal });
    const body = await response.json();
    if (response.ok) return { data: body };
    return { error: { status: response.status, message: String(body.error) } };
  } catch {
    return { error: { status: 0, message: 'The collector does not answer.' } };
  }
}
