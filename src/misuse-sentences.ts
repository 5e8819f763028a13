/** What the developer of an app reads about wrong calls, one sentence each; the value that was passed is described without repeating it. */
export type MisuseSentences = ReturnType<typeof allSentences>;

/** The sentences, or nothing in a production build: bundlers replace the condition and drop everything that only it leads to. */
export function misuseSentences(): MisuseSentences | undefined {
  let sentences: MisuseSentences | undefined;
  try {
    if (process.env.NODE_ENV !== 'production') sentences = allSentences();
  } catch {
    sentences = allSentences();
  }
  return sentences;
}

function allSentences() {
  return {
    noObject: (given: unknown) => `options: expected an object, got ${show(given)}`,
    unknownOption: (name: string, known: readonly string[]) =>
      `options.${name}: unknown option; the known options are ${known.join(', ')}`,
    wrongOption: (name: keyof typeof TAKES, given: unknown) =>
      `options.${name}: expected ${TAKES[name]}, got ${show(given)}`,
    // The sink's own message repeats the URL, which may hold a key.
    wrongCollectorUrl: () =>
      'options.collector: expected an http(s) URL without a user name and password, or a path on the page\'s own origin such as "/v1/records", got another string',
    noSocket: (given: unknown) =>
      `withDiagnostics(socket): expected a socket of socket.io-client 1.x to 4.x, got ${nameOf(given)}`,
    notExtensible: () =>
      'withDiagnostics(socket): the socket is frozen, sealed or not extensible, so it cannot be watched',
    noListener: (event: string, given: unknown) =>
      `diagnostics.on('${event}', listener): expected a function, got a ${typeof given}`,
  };
}

const TAKES = {
  app: 'an object with the string name and, optionally, the strings release and environment',
  collector: 'a URL, a sink (a function that takes the records, or { send(records) }), or an array of these',
  onDiagnosis: 'a function',
  probe: "'auto', 'never' or an object with the numbers maxPerIncident, cooldownMs and timeoutMs",
  sampleRate: 'a number from 0 to 1',
  limits: 'an object with the numbers recordsPerMinute and recordsPerSession, each at least 1',
  storage: 'false or an object with the functions keys, get, set and remove',
  beforeSend: 'a function',
  sessionId: 'a string',
  attributes: 'an object of strings, numbers and booleans',
  console: "'dev', true or false",
  lint: 'true or false',
};

/** Describes the value without repeating it: an option may hold a secret. */
function show(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'object' ? 'an object of another shape' : `a ${typeof value}`;
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return value === undefined ? 'undefined' : `a ${typeof value}`;
  return typeof (value as { on?: unknown }).on === 'function'
    ? 'an emitter without a Manager in `io`'
    : 'an object without `on` and `io`';
}
