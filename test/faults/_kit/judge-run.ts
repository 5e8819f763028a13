import { isDeepStrictEqual } from 'node:util';
import type { Incident } from '../../../src/incidents/incident.js';
import type { Expectation } from './fault.js';

/** Says in words what is wrong with the diagnoses of a run; empty if they are right. */
export function judgeRun({
  code,
  healthy,
  expect,
  incidents,
  endedBy,
  connected,
}: {
  readonly code: string;
  readonly healthy: boolean;
  readonly expect: Expectation;
  readonly incidents: readonly Incident[];
  readonly endedBy: string;
  readonly connected: boolean;
}): string[] {
  const answers = incidents.map(({ diagnosis }) => `${diagnosis.certainty} ${diagnosis.code}`).join(', ');
  if (healthy) {
    if (incidents.length > 0) return [`no incident was expected, but: ${answers}`];
    return connected ? [] : ['the healthy client did not connect'];
  }
  if (incidents.length === 0) return [`no incident within the limit`];
  if (incidents.every(({ diagnosis }) => expect.also?.includes(diagnosis.code)))
    return [`only told ${answers}, not ${code}`];
  // What needs a repetition to be certain may have been suspected before: the last incident counts.
  const isEarlyGuess = ({ diagnosis }: Incident, at: number) =>
    at < incidents.length - 1 &&
    diagnosis.certainty === 'suspected' &&
    [diagnosis, ...diagnosis.alternatives].some((told) => told.code === code);
  const judged = incidents.filter((incident, at) => !isEarlyGuess(incident, at));
  const problems = judged.flatMap((incident) => judgeIncident(incident, code, expect));
  if (endedBy === 'limit') problems.push('the answer did not settle, or not enough was seen, within the limit');
  return problems;
}

function judgeIncident({ diagnosis, history }: Incident, code: string, expect: Expectation): string[] {
  const problems: string[] = [];
  const certainty = expect.certainty ?? 'confirmed';
  const listed = diagnosis.alternatives.map((alternative) => alternative.code);
  const asMember = (certainty === 'suspected' || diagnosis.code === expect.within) && listed.includes(code);
  const also = expect.also ?? [];
  if (also.includes(diagnosis.code)) return [];
  if (diagnosis.code !== code && !asMember) {
    problems.push(
      `told ${diagnosis.certainty} ${diagnosis.code}, the truth is ${code}${listed.length ? ` (listed: ${listed.join(', ')})` : ''}`,
    );
  }
  if (expect.best && diagnosis.code !== code) problems.push(`${diagnosis.code} was named before it`);
  if (diagnosis.certainty !== certainty) problems.push(`told ${diagnosis.certainty}, expected ${certainty}`);
  for (const member of expect.alternatives ?? []) {
    if (diagnosis.code !== member && !listed.includes(member)) problems.push(`${member} is not listed`);
  }
  for (const past of history) {
    if (
      past.certainty === 'confirmed' &&
      past.code !== code &&
      past.code !== expect.within &&
      !also.includes(past.code)
    )
      problems.push(`had confirmed ${past.code} before`);
  }
  if (diagnosis.code === code) {
    for (const [name, value] of Object.entries(expect.details ?? {})) {
      const told = (diagnosis.details as Record<string, unknown>)[name];
      if (!isDeepStrictEqual(told, value))
        problems.push(`details.${name} is ${JSON.stringify(told)}, not ${JSON.stringify(value)}`);
    }
  }
  return problems;
}
