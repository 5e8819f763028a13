import { useEffect, useRef, useState } from 'preact/hooks';
import { countOf } from './count-of.js';

/** As often as a listener can bear. */
const INTERVAL_MS = 15_000;

interface ArrivalsProps {
  /** The rows that arrived or changed with the response shown; another array is another response. */
  readonly fresh: readonly unknown[];
}

/** Tells readers who do not see rows light up that some arrived, but not each one. */
export function Arrivals({ fresh }: ArrivalsProps) {
  const [told, setTold] = useState('');
  const waiting = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    const tell = () => {
      timer.current = undefined;
      if (waiting.current === 0) return;
      setTold(`${countOf(waiting.current, 'incident')} arrived or changed`);
      waiting.current = 0;
      timer.current = setTimeout(tell, INTERVAL_MS);
    };
    waiting.current += fresh.length;
    if (timer.current === undefined) tell();
  }, [fresh]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <p class="visually-hidden" role="status">
      {told}
    </p>
  );
}
