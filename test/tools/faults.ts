import { parseArgs } from 'node:util';
import { closeBrowsers } from '../browser/harness.js';
import { loadFault, placesOf, type RunResult, runFault } from '../faults/_kit/run-fault.js';
import { allCodes } from './all-codes.js';
import { parseEngines } from './parse-engines.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Only this place: node, chromium, chromium-same, firefox, … */
    place: { type: 'string' },
    /** Browsers: chromium, firefox, webkit, several of them with commas, or all. */
    engine: { type: 'string' },
    /** Only this variant. */
    variant: { type: 'string' },
    /** Without the SDK: print what the client library itself says. */
    raw: { type: 'boolean', default: false },
  },
});

const engines = parseEngines(values.engine ?? values.place);
let wrong = 0;
for (const code of positionals.length > 0 ? positionals : allCodes()) {
  const { fault } = await loadFault(code);
  for (const [variantName, variant] of Object.entries(fault.variants)) {
    if (values.variant !== undefined && values.variant !== variantName) continue;
    for (const place of placesOf(fault, variant, engines)) {
      if (values.place !== undefined && values.place !== place) continue;
      // Asked for browsers by name: Node is none.
      if (values.engine !== undefined && place === 'node') continue;
      const result = await runFault(code, variantName, place, { raw: values.raw });
      if (result.problems.length > 0) wrong++;
      console.log(line(result));
      if (values.raw) console.log(rawLines(result));
    }
  }
}
await closeBrowsers();
console.log(wrong === 0 ? 'all right' : `${wrong} wrong`);
// Requests that a client left hanging on purpose would keep the process alive.
process.exit(wrong === 0 ? 0 : 1);

function line({ code, variant, place, incidents, problems, tookMs, endedBy, skipped }: RunResult): string {
  const answers = incidents.map(({ diagnosis }) => `${diagnosis.certainty} ${diagnosis.code}`).join(', ') || '-';
  const verdict = skipped ? 'skip ' : problems.length === 0 ? 'ok   ' : 'WRONG';
  const columns = [code.padEnd(28), variant.padEnd(28), place.padEnd(13), `${tookMs} ms`.padStart(9), answers];
  return [
    verdict,
    ...columns,
    ...(problems.length > 0 ? [`<- ${problems.join('; ')}`] : []),
    endedBy === 'limit' ? '(limit)' : '',
    skipped ? `(${skipped})` : '',
  ].join(' ');
}

/** Each kind of event once, at its first time: retries look alike. */
function rawLines({ raw }: RunResult): string {
  const seen = new Map<string, number>();
  for (const { at, ...facts } of raw) {
    const text = JSON.stringify(facts);
    if (!facts.name.startsWith('reconnect_attempt') && !seen.has(text)) seen.set(text, at);
  }
  return [...seen].map(([text, at]) => `      ${at} ms ${text}`).join('\n');
}
