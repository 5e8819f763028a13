import { createRequire } from 'node:module';
import { join } from 'node:path';
import { CollectorError } from '../collector-error.js';
import type { WireDiagnosis } from '../ingest/wire-records.js';

/** The part of `socket.io-diagnostics/judge` that is used here. */
export interface Judge {
  /** Throws if it is given something that no SDK made. */
  judgeTimeline(timeline: unknown): { readonly diagnosis: WireDiagnosis | undefined };
  /** Version of the rules. */
  readonly version: string;
}

const PACKAGE = 'socket.io-diagnostics';
const ADVICE = `Where you run this, install the version whose rules to use: npm install ${PACKAGE}@latest`;

/** The judge installed in `folder`, otherwise the one next to the collector; a `CollectorError` says what to install. */
export function findJudge(folder: string): Judge {
  for (const from of [join(folder, 'package.json'), import.meta.url]) {
    const requireFrom = createRequire(from);
    try {
      return expectJudge(requireFrom(`${PACKAGE}/judge`), from);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') {
        throw new CollectorError(`The installed ${PACKAGE} is too old to judge stored records. ${ADVICE}`);
      }
      if (code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  throw new CollectorError(`Judging needs the rules of ${PACKAGE}, which is not installed. ${ADVICE}`);
}

function expectJudge(loaded: Partial<Judge>, from: string): Judge {
  if (typeof loaded.judgeTimeline === 'function' && typeof loaded.version === 'string') return loaded as Judge;
  throw new CollectorError(`This collector cannot use the ${PACKAGE}/judge found from ${from}. ${ADVICE}`);
}
