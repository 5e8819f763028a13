import type { WireSignal } from '../src/ingest/wire-records.js';
import { describeSignal } from './describe-signal.js';
import { formatMoment } from './format-moment.js';
import { Scroll } from './scroll.js';

/** The timeline as a table, for readers who cannot see the picture or want every detail. */
export function SignalTable({ signals }: { readonly signals: readonly WireSignal[] }) {
  return (
    <Scroll label="Timeline as a table">
      <table class="signals">
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Attempt</th>
            <th scope="col">Lane</th>
            <th scope="col">Event</th>
            <th scope="col">Details</th>
          </tr>
        </thead>
        <tbody>
          {signals.map((signal, i) => {
            const { lane, tone, title, details } = describeSignal(signal);
            return (
              <tr key={i} class={`tone-${tone}`}>
                <td class="mono">{formatMoment(signal.at)}</td>
                <td>{signal.attempt}</td>
                <td>{lane}</td>
                <td>{title}</td>
                <td class="quiet">{details}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scroll>
  );
}
