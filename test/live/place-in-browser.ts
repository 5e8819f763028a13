import type { Engine } from '../browser/page-driver.js';
import type { Fault, RunPlace } from '../faults/_kit/fault.js';
import { placesOf } from '../faults/_kit/run-fault.js';

/** Where a variant runs in a browser, a page of another origin first; undefined where it is about Node or React Native alone. */
export function placeInBrowser(fault: Fault, variant: string, engine: Engine): RunPlace | undefined {
  const details = fault.variants[variant];
  return details && placesOf(fault, details, [engine]).find((place) => place === engine || place === `${engine}-same`);
}
