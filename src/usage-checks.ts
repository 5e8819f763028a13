import { usageRules } from './causes/usage-rules.js';
import type { Rule } from './diagnosis/rule.js';
import { appFrame } from './lint/app-frame.js';
import { checkUsage } from './lint/check-usage.js';
import { createConnectionRegister } from './lint/connection-register.js';

/** All that `lint: true` needs: what looks at the use of a socket, and the rules that judge it. */
export interface UsageChecks {
  readonly rules: readonly Rule[];
  readonly checkUsage: typeof checkUsage;
  readonly createConnectionRegister: typeof createConnectionRegister;
  readonly appFrame: typeof appFrame;
}

/**
 * The checks, or nothing in a production build: bundlers replace the condition and leave everything out that only it leads to. A page
 * without a bundler has no `process` and gets them.
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

function allChecks(): UsageChecks {
  return { rules: usageRules, checkUsage, createConnectionRegister, appFrame };
}
