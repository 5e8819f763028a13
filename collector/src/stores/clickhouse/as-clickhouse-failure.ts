import { StoreFailure, type StoreFailureReason } from '../store-failure.js';

interface Meaning {
  readonly reason: StoreFailureReason;
  readonly what: string;
  readonly advice: string;
}

const unreachable: Meaning = {
  reason: 'unreachable',
  what: 'ClickHouse does not answer',
  advice: 'Look whether it runs and whether its HTTP interface can be reached from here at the address of --store.',
};
const refused: Meaning = {
  reason: 'refused',
  what: 'ClickHouse refuses the user of --store',
  advice: 'Check user and password, and that the user may SELECT, INSERT and (for migrations) CREATE and ALTER.',
};
const overloaded: Meaning = {
  reason: 'overloaded',
  what: 'ClickHouse has no room for more work',
  advice: 'Look at system.merges and system.processes, and give it more memory or more servers.',
};
const incomplete: Meaning = {
  reason: 'unreachable',
  what: 'too few servers of the ClickHouse cluster answer',
  advice: 'Look at system.replicas and at Keeper; insert_quorum in --store says how many replicas must have a record.',
};
const misconfigured: Meaning = {
  reason: 'misconfigured',
  what: 'ClickHouse lacks what the collector needs',
  advice: 'Make the database, check the cluster in --store, and run the command migrate.',
};
const diskFull: Meaning = {
  reason: 'disk-full',
  what: 'the disk of ClickHouse is full',
  advice: 'Make room on the disk of ClickHouse, or keep less with --keep-days.',
};
const readOnly: Meaning = {
  reason: 'read-only',
  what: 'ClickHouse may only be read',
  advice: 'Look at system.replicas: a replica without Keeper takes no records.',
};

/** Names of ClickHouse's error codes (src/Common/ErrorCodes.cpp). */
const MEANINGS: Readonly<Record<string, Meaning>> = {
  NOT_ENOUGH_SPACE: diskFull,
  TABLE_IS_READ_ONLY: readOnly,
  READONLY: refused,
  ACCESS_DENIED: refused,
  AUTHENTICATION_FAILED: refused,
  UNKNOWN_USER: refused,
  WRONG_PASSWORD: refused,
  REQUIRED_PASSWORD: refused,
  IP_ADDRESS_NOT_ALLOWED: refused,
  TOO_MANY_PARTS: overloaded,
  TOO_MANY_SIMULTANEOUS_QUERIES: overloaded,
  MEMORY_LIMIT_EXCEEDED: overloaded,
  TIMEOUT_EXCEEDED: overloaded,
  QUOTA_EXCEEDED: overloaded,
  SOCKET_TIMEOUT: incomplete,
  NETWORK_ERROR: incomplete,
  ALL_CONNECTION_TRIES_FAILED: incomplete,
  TOO_FEW_LIVE_REPLICAS: incomplete,
  UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE: incomplete,
  UNKNOWN_STATUS_OF_INSERT: incomplete,
  KEEPER_EXCEPTION: incomplete,
  NO_ZOOKEEPER: incomplete,
  UNKNOWN_DATABASE: misconfigured,
  UNKNOWN_TABLE: misconfigured,
  UNKNOWN_IDENTIFIER: misconfigured,
  NO_SUCH_COLUMN_IN_TABLE: misconfigured,
  CLUSTER_DOESNT_EXIST: misconfigured,
  NO_ELEMENTS_IN_CONFIG: misconfigured,
  UNKNOWN_SETTING: misconfigured,
};

/** What one row can cause: the rows beside it may be well, and coming again would not help it. */
const ABOUT_A_ROW = /^(CANNOT_PARSE|INCORRECT_DATA|TYPE_MISMATCH|CANNOT_INSERT_NULL|DECIMAL_OVERFLOW|ARGUMENT_OUT_OF)/;

/** A `StoreFailure` with what to do about it, or the same error when it is about one row. */
export function asClickHouseFailure(error: unknown): unknown {
  const { type, code, message } = error as { type?: unknown; code?: unknown; message?: unknown };
  const isAnswer = typeof type === 'string';
  if (isAnswer && ABOUT_A_ROW.test(type)) return error;
  const { reason, what, advice } = (isAnswer ? MEANINGS[type] : unreachable) ?? {
    reason: 'io-error' as const,
    what: 'ClickHouse cannot do it',
    advice: 'Look into the log of ClickHouse.',
  };
  const said = String(message).split('\n', 1)[0]?.slice(0, 300).trim();
  const name = isAnswer ? type : typeof code === 'string' ? code : undefined;
  return new StoreFailure(reason, `${what} (${name === undefined ? said : `${name}: ${said}`})`, advice);
}

/** Whether an answer may have been lost on its way, so that nobody knows what became of the request. */
export function isUnanswered(error: unknown): boolean {
  return typeof (error as { type?: unknown }).type !== 'string';
}
