import type { DiagnosisFrom } from '../diagnosis/diagnosis.js';
import type { rules } from './rules.js';
import type { rule as unclassified } from './unclassified.js';
import type { usageRules } from './usage-rules.js';

type AnyRule = (typeof rules)[number] | ReturnType<typeof usageRules>[number] | typeof unclassified;

/** Permanent names of the causes. A minor release may add some: keep a `default` branch. */
export type CauseCode = AnyRule['code'];

/** A diagnosis; narrowing on `code` types `details`. */
export type Diagnosis = DiagnosisFrom<AnyRule>;
