import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { LiveChange } from '../src/server/live-feed.js';
import { addressOf } from './address.js';
import { keepAnswer, keptAnswer } from './kept-answers.js';
import { lock } from './lock.js';
import { useLive } from './use-live.js';

export interface Answer<T> {
  /** The newest response; stays while the query is sent again. */
  readonly data?: T;
  readonly error?: { readonly status: number; readonly message: string };
  /** It is the response to the previous query, such as with another filter, until the new one arrives. */
  readonly isStale?: boolean;
}

const always = () => true;

/** A busy collector announces changes five times a second: nobody reads that fast, and each query costs it a count. */
const LIVE_INTERVAL_MS = 2000;
const RETRY_MS = 5000;

/** Queries the read API, again after each change that `concerns` it, and until there is a response. */
export function useQuestion<T>(path: string, concerns: (change: LiveChange) => boolean = always): Answer<T> {
  const [answer, setAnswer] = useState<Answer<T> & { readonly path: string }>(() => ({ path, ...keptAnswer<T>(path) }));
  const pending = useRef<AbortController | undefined>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const askedMs = useRef(0);

  const ask = useCallback(async () => {
    clearTimeout(timer.current);
    timer.current = undefined;
    pending.current?.abort();
    const controller = new AbortController();
    pending.current = controller;
    askedMs.current = performance.now();
    const next = await fetchAnswer<T>(path, controller.signal);
    if (controller.signal.aborted) return;
    const { error, data } = next;
    if (data !== undefined) keepAnswer(path, data);
    if (error?.status === 401) lock();
    // The collector is away, or cannot respond at the moment.
    else if (error && (error.status === 0 || error.status >= 500)) timer.current ??= setTimeout(ask, RETRY_MS);
    setAnswer((last) => ({ path, ...(data !== undefined || last.path !== path ? {} : last), ...next }));
  }, [path]);

  useEffect(() => {
    ask();
    return () => {
      clearTimeout(timer.current);
      timer.current = undefined;
      pending.current?.abort();
    };
  }, [ask]);

  const concernsRef = useRef(concerns);
  concernsRef.current = concerns;
  useLive(
    useCallback(
      (change) => {
        if (change !== 'missed-some' && !concernsRef.current(change)) return;
        const waitMs = askedMs.current + LIVE_INTERVAL_MS - performance.now();
        if (waitMs <= 0) ask();
        else timer.current ??= setTimeout(ask, waitMs);
      },
      [ask],
    ),
  );
  if (answer.path === path) return answer;
  return keptAnswer<T>(path) ?? (answer.data === undefined ? {} : { data: answer.data, isStale: true });
}

async function fetchAnswer<T>(path: string, signal: AbortSignal): Promise<Answer<T>> {
  try {
    const response = await fetch(addressOf(path), { signal });
    const body = await response.json();
    if (response.ok) return { data: body };
    return { error: { status: response.status, message: String(body.error) } };
  } catch {
    return {
      error: {
        status: 0,
        message: 'The collector does not respond. Is it running, and is this device online? This page keeps trying.',
      },
    };
  }
}
