// Requests with the SDK's own envelopes in which only ids, times and dimensions differ from one to the next.

/** Skewed as in the field: one app, environment and engine make the most of it, and most browsers do not tell the network type. */
const APPS = [
  ['chat-web', 80],
  ['chat-admin', 15],
  ['chat-kiosk', 5],
];
const ENVIRONMENTS = [
  ['production', 95],
  ['staging', 4],
  ['test', 1],
];
const RUNTIMES = [
  [{ kind: 'browser', engine: 'chromium', engineVersion: '131', networkType: 'wifi' }, 22],
  [{ kind: 'browser', engine: 'chromium', engineVersion: '131', networkType: '4g' }, 22],
  [{ kind: 'browser', engine: 'chromium', engineVersion: '131' }, 12],
  [{ kind: 'browser', engine: 'chromium', engineVersion: '130', networkType: 'wifi' }, 8],
  [{ kind: 'browser', engine: 'chromium', engineVersion: '129', networkType: 'ethernet' }, 6],
  [{ kind: 'browser', engine: 'webkit', engineVersion: '18' }, 14],
  [{ kind: 'browser', engine: 'webkit', engineVersion: '17' }, 6],
  [{ kind: 'browser', engine: 'gecko', engineVersion: '140' }, 7],
  [{ kind: 'node', engine: 'node', engineVersion: '22' }, 3],
];
/** How far behind the newest release, of which there is one a week. */
const RELEASES_BEHIND = [
  [0, 70],
  [1, 22],
  [2, 6],
  [5, 2],
];

const WEEK_MS = 7 * 86_400_000;

/** A pseudo-random number from 0 to 1 that is the same in each run. */
export function createRandom(seed = 1) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One of `[value, weight]`. */
export function weighted(random, choices) {
  let left = random() * choices.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [value, weight] of choices) {
    left -= weight;
    if (left < 0) return value;
  }
  return choices[0][0];
}

/** App, release, environment and runtime of a page that is loaded at this time. */
export function dimensionsAt(random, atMs) {
  const week = Math.floor(atMs / WEEK_MS) - weighted(random, RELEASES_BEHIND);
  return {
    app: {
      name: weighted(random, APPS),
      release: `${week}.0.0`,
      environment: weighted(random, ENVIRONMENTS),
    },
    runtime: weighted(random, RUNTIMES),
  };
}

/** A request as bytes, made by filling in what differs: rendering JSON for each would cost the sender more than the server. */
export function createRequests({ envelope, incidents, sessions }, { incidentCount, sessionCount, seed = 1 }) {
  const random = createRandom(seed);
  const variants = Array.from({ length: 50 }, () => {
    const { app, runtime } = dimensionsAt(random, Date.now());
    const pick = (list, index) => list[index % list.length];
    const offset = Math.floor(random() * 100);
    const records = [
      ...Array.from({ length: incidentCount }, (_, index) => pick(incidents, offset + index)),
      ...Array.from({ length: sessionCount }, (_, index) => pick(sessions, offset + index)),
    ];
    return template({ ...envelope, app, session: { ...envelope.session, runtime }, records });
  });
  const uuid = createUuids();
  return () => {
    const { bytes, ids, times } = variants[Math.floor(random() * variants.length)];
    const request = Buffer.from(bytes);
    const hex = Date.now().toString(16).padStart(12, '0');
    const time = `${hex.slice(0, 8)}-${hex.slice(8)}`;
    for (const offset of ids) request.latin1Write(uuid(time), offset);
    const now = new Date().toISOString();
    for (const offset of times) request.latin1Write(now, offset);
    return request;
  };
}

/**
 * Version 7, as the SDK makes its ids, from random digits that are drawn once: drawing them anew would cost the sender more than the rest
 * of a request. A number that counts up keeps each id its own.
 */
function createUuids() {
  const digits = (count) =>
    Math.floor(Math.random() * 16 ** count)
      .toString(16)
      .padStart(count, '0');
  const tails = Array.from({ length: 4096 }, () => `-7${digits(3)}-8${digits(3)}-${digits(4)}`);
  let count = 0;
  return (time) => {
    count += 1;
    return time + tails[count % tails.length] + (0x10000000 + count).toString(16);
  };
}

function template(envelope) {
  const body = JSON.stringify(envelope);
  const head = [
    'POST /v1/records HTTP/1.1',
    'Host: 127.0.0.1',
    'Content-Type: text/plain',
    'Origin: https://chat.example.com',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ].join('\r\n');
  const text = `${head}\r\n\r\n${body}`;
  const bytes = Buffer.from(text);
  if (bytes.length !== text.length) throw new Error('offsets would be wrong: the SDK sent something beyond ASCII');
  const own = new Set([envelope.session.id, envelope.batch, ...envelope.records.map(({ id }) => id)]);
  const at = (pattern, wanted) =>
    [...text.matchAll(pattern)].filter(([match]) => wanted(match)).map(({ index }) => index);
  return {
    bytes,
    ids: at(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => own.has(id)),
    times: at(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, () => true),
  };
}
