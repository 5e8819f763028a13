import { parseArgs } from 'node:util';
import { closeBrowsers } from '../browser/harness.js';
import { loadFault, placesOf, runFaultAgainIfBroken } from '../faults/_kit/run-fault.js';
import { allCodes } from './all-codes.js';
import { parseEngines } from './parse-engines.js';
import { recordingName, saveRecording } from './save-recording.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Only this runtime: node, chromium, firefox or webkit. */
    runtime: { type: 'string' },
    /** Browsers: chromium, firefox, webkit, several of them with commas, or all. */
    engine: { type: 'string' },
    /** Of Firefox and WebKit: only the first variant of each cause, and those in which they see something else than Chromium did. */
    differing: { type: 'boolean', default: false },
    /** Only the first variant of each that runs there. */
    first: { type: 'boolean', default: false },
    /** Only this variant. */
    variant: { type: 'string' },
  },
});

const engines = parseEngines(values.engine ?? values.runtime);
let wrong = 0;
for (const code of positionals.length > 0 ? positionals : allCodes()) {
  const { fault } = await loadFault(code);
  let isFirst = true;
  for (const [variantName, variant] of Object.entries(fault.variants)) {
    if (values.first && !isFirst) break;
    if (values.variant !== undefined && values.variant !== variantName) continue;
    for (const place of placesOf(fault, variant, engines)) {
      if (values.runtime !== undefined && values.runtime !== place.replace('-same', '')) continue;
      // Asked for browsers by name: Node is none.
      if (values.engine !== undefined && (place === 'node' || place === 'react-native')) continue;
      const result = await runFaultAgainIfBroken(code, variantName, place);
      isFirst = false;
      if (result.problems.length > 0) wrong++;
      const kept = saveRecording(result, { variants: Object.keys(fault.variants), differing: values.differing });
      console.log(`${kept.padEnd(9)} ${recordingName(result)} ${result.problems.join('; ')}`);
    }
  }
}
await closeBrowsers();
// Requests that a client left hanging on purpose would keep the process alive.
process.exit(wrong === 0 ? 0 : 1);
