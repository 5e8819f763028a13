import { appFrame } from './lint/app-frame.js';
import { createConnectionRegister } from './lint/connection-register.js';
import { hintsText } from './lint/hints-text.js';
import { watchUsage } from './watch-usage.js';

/** Everything that `lint: true` needs. */
export type UsageChecks = ReturnType<typeof allChecks>;

/**
 * The checks, or nothing in a production build: bundlers replace the condition and leave out everything that only it leads to. A page
 * without a bundler has no `process` and gets the checks.
 */
export function usageChecks(): UsageChecks | undefined {
  let checks: UsageChecks | undefined;
  try {
    if (process.env.NODE_ENV !== 'production') checks = allChecks();
  } catch {
    checks = allChecks();
  }
  return checks;
}

function allChecks() {
  return { watchUsage, createConnectionRegister, appFrame, hintsText };
}
