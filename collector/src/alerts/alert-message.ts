/** What is posted to a webhook, as JSON. Numbers and names only: nothing about a single session. */
export interface AlertMessage {
  /** The same when it is sent again. */
  readonly id: string;
  /** `resolved` ends what `firing` with the same rule and code started; `first-seen` is sent once and never ends. */
  readonly status: 'firing' | 'resolved' | 'first-seen';
  /** Name of the rule. */
  readonly rule: string;
  readonly code: string;
  readonly title: string;
  /** From the rule; for `first-seen`, from the release. Absent: all of them. */
  readonly app?: string;
  readonly environment?: string;
  readonly release?: string;
  /** Sessions that the cause affects, in the window or in the release. */
  readonly sessions: number;
  /** All sessions of the window. */
  readonly ofSessions?: number;
  readonly windowMinutes?: number;
  /** ISO 8601: when it started. */
  readonly since: string;
  /** ISO 8601: when it was found. */
  readonly at: string;
  /** The cause in the dashboard; absent without `--public-url`. */
  readonly url?: string;
  /** One line for people, which Slack shows; `&`, `<` and `>` are escaped as Slack requires. */
  readonly text: string;
}

export function alertMessage(facts: Omit<AlertMessage, 'text' | 'url'>, publicUrl: string | undefined): AlertMessage {
  const url = publicUrl === undefined ? undefined : dashboardUrl(publicUrl, facts);
  const text = escaped(`${sentence(facts)}${url === undefined ? '' : ` ${url}`}`);
  return { ...facts, ...(url === undefined ? {} : { url }), text };
}

function sentence({ status, rule, code, title, sessions, ...facts }: Omit<AlertMessage, 'text' | 'url'>): string {
  const cause = `${plain(title)} (${plain(code)})`;
  const { app, environment, release, windowMinutes = 0, ofSessions } = facts;
  const where = [app, environment].flatMap((name) => (name === undefined || name === '' ? [] : [plain(name)]));
  const inside = where.length === 0 ? '' : ` in ${where.join(', ')}`;
  if (status === 'first-seen') {
    return `New in release ${plain(release ?? '')}${inside}: ${cause}, ${count(sessions)} so far.`;
  }
  if (status === 'resolved') {
    return `Resolved${inside}: ${cause}, ${span(facts)} after it started. It has been below the threshold of "${rule}" for ${minutes(windowMinutes)}.`;
  }
  const share = ofSessions ? ` of ${number(ofSessions)} (${((100 * sessions) / ofSessions).toFixed(1)} %)` : '';
  return `${cause} affects ${count(sessions)}${share}${inside} within ${minutes(windowMinutes)} (rule "${rule}").`;
}

function dashboardUrl(publicUrl: string, facts: Omit<AlertMessage, 'text' | 'url'>): string {
  const { code, app, environment, release, windowMinutes, status } = facts;
  const hours = (windowMinutes ?? 24 * 60) / 60;
  const period = status === 'firing' && hours <= 1 ? '1h' : hours <= 24 ? '24h' : '7d';
  const query = new URLSearchParams({ period });
  for (const [name, value] of Object.entries({ app, environment, release })) if (value) query.set(name, value);
  // Characters that `encodeURIComponent` leaves alone would be read as emphasis.
  const encoded = encodeURIComponent(code).replaceAll(/[!'()*~_]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
  return `${publicUrl.replace(/\/$/, '')}/causes/${encoded}?${query}`;
}

/** Anybody can put names into records: none may create a link, a mention or a second line. */
function plain(name: string): string {
  return name
    .slice(0, 120)
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ')
    .replaceAll(/:\/\/|[[\]`*|@#]/g, ' ');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function span({ since, at }: Pick<AlertMessage, 'since' | 'at'>): string {
  return minutes(Math.max(1, Math.round((Date.parse(at) - Date.parse(since)) / 60_000)));
}

function minutes(value: number): string {
  if (value < 120) return `${number(value)} ${value === 1 ? 'minute' : 'minutes'}`;
  return `${number(Math.round(value / 60))} hours`;
}

function count(sessions: number): string {
  return `${number(sessions)} ${sessions === 1 ? 'session' : 'sessions'}`;
}

function number(value: number): string {
  return Math.round(value).toLocaleString('en');
}
