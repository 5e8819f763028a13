import type { Fault } from '../../../test/faults/_kit/fault.js';
import type { StartedFault } from './demo-fault.js';

/** The `start` of the variant with which the SDK's tests break the same thing. */
export function fromTest(fault: Fault, variant: string): () => Promise<StartedFault> {
  const found = fault.variants[variant];
  if (!found) throw new Error(`The fault ${fault.code} has no variant ${variant}.`);
  return async () => {
    const { url, options, close } = await found.start();
    return { url, ...(options && { options }), close };
  };
}
