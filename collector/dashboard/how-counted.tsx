interface HowCountedProps {
  readonly bucketMs: number;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** What the words and numbers of the overview mean. */
export function HowCounted({ bucketMs }: HowCountedProps) {
  return (
    <details class="how-counted">
      <summary>How this is counted</summary>
      <dl>
        <div>
          <dt>Session</dt>
          <dd>
            One socket of a page, worker or process. If only a sample of the healthy ones is sent, each stands for
            several.
          </dd>
        </div>
        <div>
          <dt>Connected</dt>
          <dd>Was connected at least once.</dd>
        </div>
        <div>
          <dt>Could not connect</dt>
          <dd>Never was, and an attempt failed or an incident was opened.</dd>
        </div>
        <div>
          <dt>Over before anything failed</dt>
          <dd>
            Neither: the page was left, the app disconnected or nothing more was heard. Together with connected and
            could not connect, these are all sessions.
          </dd>
        </div>
        <div>
          <dt>Upgraded</dt>
          <dd>Of the sessions that wanted a WebSocket, those that got one.</dd>
        </div>
        <div>
          <dt>Time to connect</dt>
          <dd>From the first attempt to the first connection, including failed attempts in between; at most 5% off.</dd>
        </div>
        <div>
          <dt>Affected sessions</dt>
          <dd>Pages, workers or processes with at least one incident of the cause; each may have several causes.</dd>
        </div>
        <div>
          <dt>Worse, and what stands out</dt>
          <dd>
            At least 1.5 times as much as its share of all sessions would give, and three standard deviations more than
            chance would.
          </dd>
        </div>
        <div>
          <dt>Start and end</dt>
          <dd>
            {bucketMs < HOUR_MS
              ? 'To the minute.'
              : `Long periods are widened to whole ${bucketMs >= DAY_MS ? 'days' : 'hours'} in UTC unless there are few records.`}
          </dd>
        </div>
      </dl>
    </details>
  );
}
