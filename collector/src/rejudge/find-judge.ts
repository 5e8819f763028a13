import { createRequire } from 'node:module';
import { join } from 'node:path';
import { CollectorError } from '../collector-error.js';
import type { WireDiagnosis } from '../ingest/wire-records.js';

/** `socket.io-diagnostics/judge` as far as it is used here. */
export interface Judge {
  /** Throws where it is given what no SDK made. */
  judgeTimeline(timeline: unknown): { readonly diagnosis: WireDiagnosis | undefined };
  /** Version of the rules. */
  readonly version: string;
}

const PACKAGE = 'socket.io-diagnostics';
const ADVICE = `Install the version whose rules are to judge where you call this: npm install ${PACKAGE}@latest`;

/** The judge that is installed in `folder`, else the one beside the collector; a `CollectorError` says what to install. */
export function findJudge(folder: string): Judge {
  for (const from of [join(folder, 'package.json'), import.meta.url]) {
    const requireFrom = createRequire(from);
    try {
      return expectJudge(requireFrom(`${PACKAGE}/judge`), from);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') {
        throw new CollectorError(`The ${PACKAGE} that is installed is too old to judge stored records. ${ADVICE}`);
      }
      if (code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  throw new CollectorError(`Judging needs the rules of ${PACKAGE}, which is not installed. ${ADVICE}`);
}

function expectJudge(loaded: Partial<Judge>, from: string): Judge {
  if (typeof loaded.judgeTimeline === 'function' && typeof loaded.version === 'string') return loaded as Judge;
  throw new CollectorError(`The ${PACKAGE}/judge found from ${from} is none that this collector knows. ${ADVICE}`);
}
