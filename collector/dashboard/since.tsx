import { useEffect, useState } from 'preact/hooks';
import { formatDuration } from './format-duration.js';
import { formatTime } from './format-time.js';

const REFRESH_MS = 10_000;

/** A moment as the time that has passed since, with the exact time on hover. */
export function Since({ ms }: { readonly ms: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), REFRESH_MS);
    return () => clearInterval(timer);
  }, []);
  const passedMs = Math.max(0, Math.max(now, Date.now()) - ms);
  const text = passedMs < 5000 ? 'just now' : `${formatDuration(coarse(passedMs))} ago`;
  return (
    <time dateTime={isoOf(ms)} title={formatTime(ms)}>
      {text}
    </time>
  );
}

function coarse(ms: number): number {
  const unitMs = [86_400_000, 3_600_000, 60_000, 1000].find((unit) => ms >= unit) ?? 1;
  return Math.floor(ms / unitMs) * unitMs;
}

function isoOf(ms: number): string | undefined {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
