import { globals } from './globals.js';
import type { Runtime } from './runtime.js';

/** Whether the runtime has no such function; if it may not be accessed, there is none that could be used. */
export const lacksGlobal: Runtime['lacks'] = (name) => {
  try {
    return typeof (globals() as Record<string, unknown>)[name] !== 'function';
  } catch {
    return true;
  }
};
