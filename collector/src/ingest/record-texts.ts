export interface RecordTexts {
  /** Text of each element of the top-level `records`, exactly as received. */
  readonly records: readonly { readonly text: string; readonly depth: number }[];
  /** Deepest nesting outside the records. */
  readonly envelopeDepth: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;

/**
 * Finds the text of each record in a body that `JSON.parse` has already accepted, so that a record can be stored as received: parsing and
 * stringifying again would take time and lose what JavaScript numbers cannot hold.
 */
export function recordTexts(body: string): RecordTexts {
  let records: { text: string; depth: number }[] = [];
  let envelopeDepth = 0;
  let depth = 0;
  let lastString = '';
  let key = '';
  let inRecords = false;
  let start = 0;
  let deepest = 0;

  const take = (end: number) => {
    const text = body.slice(start, end).trim();
    if (text !== '') records.push({ text, depth: deepest - 2 });
    start = end + 1;
    deepest = 2;
  };

  for (let i = 0; i < body.length; i++) {
    const char = body.charCodeAt(i);
    if (char === QUOTE) {
      const end = endOfString(body, i);
      if (depth === 1) lastString = body.slice(i, end);
      i = end - 1;
    } else if (char === COLON) {
      if (depth === 1) key = JSON.parse(lastString);
    } else if (char === 0x5b || char === 0x7b) {
      depth++;
      if (depth === 2 && char === 0x5b && key === 'records') {
        // The last of duplicate keys wins, as it does for JSON.parse.
        records = [];
        inRecords = true;
        start = i + 1;
        deepest = 2;
      } else if (inRecords) {
        deepest = Math.max(deepest, depth);
      } else {
        envelopeDepth = Math.max(envelopeDepth, depth);
      }
    } else if (char === 0x5d || char === 0x7d) {
      if (inRecords && depth === 2) {
        take(i);
        inRecords = false;
      }
      depth--;
    } else if (char === COMMA && inRecords && depth === 2) {
      take(i);
    }
  }
  return { records, envelopeDepth };
}

/** By `indexOf`, which looks at many characters at once: most of a body is in strings. */
function endOfString(body: string, start: number): number {
  let quote = start;
  let backslashes: number;
  do {
    quote = body.indexOf('"', quote + 1);
    if (quote < 0) throw new Error('a string without an end in what JSON.parse has accepted');
    backslashes = 0;
    while (body.charCodeAt(quote - 1 - backslashes) === BACKSLASH) backslashes++;
    // An odd number of backslashes escapes the quote; an even number are backslashes themselves.
  } while (backslashes % 2 === 1);
  return quote + 1;
}
