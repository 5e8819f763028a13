import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startCollector } from '../../src/index.js';
import { fillCollector } from './fill-collector.js';
import { visitInChromium } from './visit-in-chromium.js';

const { values } = parseArgs({
  options: {
    visits: { type: 'string', default: '900' },
    days: { type: 'string', default: '8' },
    seed: { type: 'string', default: '1' },
    port: { type: 'string', default: '4390' },
    /** Where the records are kept; absent: a new folder under the system's temporary one. */
    data: { type: 'string' },
    /** Also a few pages in Chromium, for what only a browser meets. */
    chromium: { type: 'boolean', default: false },
    /** Ends once the folder is filled. */
    'fill-only': { type: 'boolean', default: false },
  },
});

const data = values.data ?? mkdtempSync(join(tmpdir(), 'dashboard-data-'));
const collector = await startCollector({ port: Number(values.port), data, ratePerAddress: 0, logger: console });
console.log(`Dashboard  ${collector.dashboardUrl}\nData       ${data}`);
const visits = Number(values.visits);
await fillCollector(collector.recordsUrl, { visits, days: Number(values.days), seed: Number(values.seed) }, (done) => {
  if (done % 50 === 0 || done === visits) console.log(`${done} of ${visits} visits`);
});
if (values.chromium) await visitInChromium(collector.recordsUrl);
if (values['fill-only']) await collector.close();
else console.log('Filled; Ctrl-C ends it.');
