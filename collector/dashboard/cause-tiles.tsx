import type { CauseReport } from '../src/stores/store.js';
import { Change } from './change.js';
import { formatNumber, formatShare } from './format-number.js';
import { formatMinute, formatTime } from './format-time.js';
import { Since } from './since.js';
import { sinceWhen } from './since-when.js';
import { Tile } from './tile.js';

interface CauseTilesProps {
  readonly report: Omit<CauseReport, 'newestRecord'>;
  /** All sessions, with or without the cause; absent until it is known. */
  readonly ofSessions: number | undefined;
  readonly before: string;
}

/** How many sessions a cause affects, since when, since which release, and how certain that is. */
export function CauseTiles({ report, ofSessions = 0, before }: CauseTilesProps) {
  const { sessions, previousSessions, incidents, open, confirmed, firstAtMs, lastAtMs, firstRelease } = report;
  return (
    <dl class="tiles">
      <Tile
        name="Affected sessions"
        value={formatNumber(sessions)}
        note={
          <>
            {ofSessions > 0 && <>{formatShare(Math.min(1, sessions / ofSessions))} of all. </>}
            {previousSessions === 0 ? (
              `None in ${before}`
            ) : (
              <Change now={sessions} before={previousSessions} better="lower" format={formatNumber} against={before} />
            )}
          </>
        }
      />
      <Tile name="Incidents" value={formatNumber(incidents)} note={`${formatNumber(open)} open`} />
      <Tile
        name="Since"
        value={sinceWhen(report)}
        note={previousSessions ? `also in ${before}` : <Since ms={firstAtMs} />}
      />
      <Tile name="Last seen" value={<Since ms={lastAtMs} />} note={formatTime(lastAtMs)} />
      <Tile
        name="First in release"
        value={firstRelease?.release ?? '–'}
        note={
          firstRelease
            ? `of ${firstRelease.app}, on ${formatMinute(firstRelease.receivedAtMs)}`
            : 'no app reports its release'
        }
      />
      <Tile
        name="Confirmed"
        value={formatShare(confirmed / incidents)}
        note={confirmed === incidents ? 'of the incidents' : 'of the incidents; the rest are suspected'}
      />
    </dl>
  );
}
