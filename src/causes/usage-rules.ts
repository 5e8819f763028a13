import { rule as connectionsDuplicated } from './connections-duplicated.js';
import { rule as listenersDuplicated } from './listeners-duplicated.js';
import { rule as optionUnknown } from './option-unknown.js';
import { rule as optionWithoutEffect } from './option-without-effect.js';
import { rule as serverHandlerRegisteredLate } from './server-handler-registered-late.js';
import { rule as socketIdAsIdentity } from './socket-id-as-identity.js';
import { rule as socketNeverOpened } from './socket-never-opened.js';
import { rule as urlMissing } from './url-missing.js';

/**
 * What `lint: true` looks for, sorted by code; apart from the other causes so that a production build has none of it. A function, because
 * the minifier of Next.js and Rspack (swc) leaves out what nothing calls, but keeps lists that only such functions name.
 */
export const usageRules = () =>
  [
    connectionsDuplicated,
    listenersDuplicated,
    optionUnknown,
    optionWithoutEffect,
    serverHandlerRegisteredLate,
    socketIdAsIdentity,
    socketNeverOpened,
    urlMissing,
  ] as const;
