import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CollectorError, startCollector } from '../../src/index.js';
import { openStore } from '../../src/stores/open-store.js';
import { fillCollector } from './fill-collector.js';
import { receiveInto } from './receive-into.js';
import { takePictures } from './take-pictures.js';
import { visitInChromium } from './visit-in-chromium.js';

const USAGE = `npm run dashboard:data -- [options]
  --visits <number>    visits by people, each a real client with the real SDK  (900)
  --days <number>      number of days they are spread over                       (8)
  --seed <number>      the same seed plans the same visits                       (1)
  --port <number>      port of the collector, 0 picks a free one              (4390)
  --data <folder>      where the records are kept        (a new temporary folder)
  --chromium           adds a few pages in Chromium, for what only happens in a browser
  --pictures <folder>  also takes the README's pictures; needs npm run build:collector
  --fill-only          exit once the folder is filled`;

function refuse(reason: string): never {
  console.error(`${reason}\n\n${USAGE}`);
  process.exit(1);
}

function valuesOf(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        visits: { type: 'string', default: '900' },
        days: { type: 'string', default: '8' },
        seed: { type: 'string', default: '1' },
        port: { type: 'string', default: '4390' },
        data: { type: 'string' },
        chromium: { type: 'boolean', default: false },
        pictures: { type: 'string' },
        'fill-only': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    return refuse(`${(error as Error).message.split(/\. |\.?\n/, 1)[0]}.`);
  }
}

const values = valuesOf(process.argv.slice(2));
if (values.help) {
  console.log(USAGE);
  process.exit();
}

function numberOf(name: 'visits' | 'days' | 'seed' | 'port', min: number, max: number): number {
  const value = values[name];
  if (/^\d+$/.test(value) && Number(value) >= min && Number(value) <= max) return Number(value);
  return refuse(`--${name} takes a whole number from ${min} to ${max}, not "${value}".`);
}

const visits = numberOf('visits', 1, 100_000);
const plan = { visits, days: numberOf('days', 1, 365), seed: numberOf('seed', 0, 2 ** 31) };
const port = numberOf('port', 0, 65_535);
if (values.data === '') refuse('--data takes a value, not nothing.');
const data = values.data ?? mkdtempSync(join(tmpdir(), 'dashboard-data-'));
const collector = await startCollector({ port, data, ratePerAddress: 0, logger: console }).catch((error: Error) =>
  error instanceof CollectorError ? refuse(error.message) : Promise.reject(error),
);
console.log(`Dashboard  ${collector.dashboardUrl}\nData       ${data}`);
// Beside the collector, which takes nothing in that was received some days ago; its pages show it when they are loaded again.
const store = await openStore(data);
await fillCollector(receiveInto(store), plan, (done) => {
  if (done % 50 === 0 || done === visits) console.log(`${done} of ${visits} visits`);
});
await store.close();
if (values.chromium) await visitInChromium(collector.recordsUrl);
if (values.pictures !== undefined) await takePictures(collector.url, values.pictures);
if (values['fill-only']) await collector.close();
else console.log('Filled; Ctrl-C ends it.');
