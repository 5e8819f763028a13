/** What is reported about a failure that no rule has judged; without the judge, it is all that can be reported. */
export const unclassified = {
  code: 'unclassified',
  title: 'The cause could not be determined',
  phase: 'connect',
  fixedBy: 'client',
  severity: 'warning',
  frequency: 'rare',
  since: '0.1.0',
  docs: '/docs/v4/troubleshooting-connection-issues/',
  needs: [],
  yieldsTo: [],
} as const;
