import { StoreFailure, type StoreFailureReason } from '../store-failure.js';

interface Meaning {
  readonly reason: StoreFailureReason;
  readonly what: string;
  readonly advice: string;
}

const unreachable: Meaning = {
  reason: 'unreachable',
  what: 'ClickHouse does not answer',
  advice: 'Check that it is running and that its HTTP interface can be reached from here at the address of --store.',
};
const refused: Meaning = {
  reason: 'refused',
  what: 'ClickHouse rejects the user in --store',
  advice: 'Check user and password, and that the user may SELECT, INSERT and (for migrations) CREATE and ALTER.',
};
const overloaded: Meaning = {
  reason: 'overloaded',
  what: 'ClickHouse is overloaded',
  advice: 'Check system.merges and system.processes, and give it more memory or more servers.',
};
const incomplete: Meaning = {
  reason: 'unreachable',
  what: 'too few servers of the ClickHouse cluster respond',
  advice: 'Check system.replicas and Keeper; insert_quorum in --store says how many replicas must have a record.',
};
const misconfigured: Meaning = {
  reason: 'misconfigured',
  what: 'ClickHouse lacks what the collector needs',
  advice: 'Create the database, check the cluster in --store, and run the command migrate.',
};
const diskFull: Meaning = {
  reason: 'disk-full',
  what: 'the disk of ClickHouse is full',
  advice: 'Free space on the disk of ClickHouse, or keep less with --keep-days.',
};
const readOnly: Meaning = {
  reason: 'read-only',
  what: 'ClickHouse is read-only',
  advice: 'Check system.replicas: a replica without Keeper accepts no records.',
};

/** By ClickHouse's error codes (src/Common/ErrorCodes.cpp): the name in a message may be one that a record brought. */
const MEANINGS: readonly (readonly [Meaning, Readonly<Record<number, string>>])[] = [
  [diskFull, { 243: 'NOT_ENOUGH_SPACE' }],
  [readOnly, { 242: 'TABLE_IS_READ_ONLY' }],
  [
    refused,
    {
      164: 'READONLY',
      497: 'ACCESS_DENIED',
      516: 'AUTHENTICATION_FAILED',
      192: 'UNKNOWN_USER',
      193: 'WRONG_PASSWORD',
      194: 'REQUIRED_PASSWORD',
      195: 'IP_ADDRESS_NOT_ALLOWED',
    },
  ],
  [
    overloaded,
    {
      252: 'TOO_MANY_PARTS',
      202: 'TOO_MANY_SIMULTANEOUS_QUERIES',
      241: 'MEMORY_LIMIT_EXCEEDED',
      159: 'TIMEOUT_EXCEEDED',
      201: 'QUOTA_EXCEEDED',
    },
  ],
  [
    incomplete,
    {
      209: 'SOCKET_TIMEOUT',
      210: 'NETWORK_ERROR',
      279: 'ALL_CONNECTION_TRIES_FAILED',
      285: 'TOO_FEW_LIVE_REPLICAS',
      286: 'UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE',
      319: 'UNKNOWN_STATUS_OF_INSERT',
      999: 'KEEPER_EXCEPTION',
      225: 'NO_ZOOKEEPER',
    },
  ],
  [
    misconfigured,
    {
      81: 'UNKNOWN_DATABASE',
      60: 'UNKNOWN_TABLE',
      47: 'UNKNOWN_IDENTIFIER',
      16: 'NO_SUCH_COLUMN_IN_TABLE',
      701: 'CLUSTER_DOESNT_EXIST',
      139: 'NO_ELEMENTS_IN_CONFIG',
      115: 'UNKNOWN_SETTING',
    },
  ],
];

/**
 * What a single row can cause: CANNOT_PARSE_…, TYPE_MISMATCH, ARGUMENT_OUT_OF_BOUND, INCORRECT_DATA, CANNOT_INSERT_NULL_…, DECIMAL_OVERFLOW.
 * The other rows may be fine, and sending this one again would not help.
 */
const ABOUT_A_ROW: ReadonlySet<string> = new Set('6 25 26 27 38 41 53 69 72 117 349 407 467'.split(' '));

/** A `StoreFailure` with what to do about it, or another error if it is about one row; the message quotes nothing of the row. */
export function asClickHouseFailure(error: unknown): unknown {
  const code = codeOf(error);
  if (code !== undefined && ABOUT_A_ROW.has(code)) return new Error(`ClickHouse cannot read a row (code ${code}).`);
  const said = String((error as Error).message)
    .split('\n', 1)[0]
    ?.slice(0, 300)
    .trim();
  if (code === undefined) {
    const { code: cause = '' } = error as NodeJS.ErrnoException;
    // Most messages of Node name their code, but not the one about all addresses of a name.
    const why = said?.includes(cause) ? said : [cause, said].filter(Boolean).join(': ');
    return new StoreFailure('unreachable', `${unreachable.what} (${why})`, unreachable.advice);
  }
  for (const [{ reason, what, advice }, names] of MEANINGS) {
    const name = names[Number(code)];
    if (name !== undefined) return new StoreFailure(reason, `${what} (${name}: ${said})`, advice);
  }
  return new StoreFailure('io-error', `ClickHouse failed (code ${code}: ${said})`, 'Check the log of ClickHouse.');
}

/** Whether a response may have been lost in transit, so that the outcome of the request is unknown. */
export function isUnanswered(error: unknown): boolean {
  return codeOf(error) === undefined;
}

/** The code of a response from ClickHouse itself; errors in between have none, or a name such as ECONNREFUSED. */
function codeOf(error: unknown): string | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^\d+$/.test(code) ? code : undefined;
}
