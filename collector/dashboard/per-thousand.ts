/** Incidents per 1,000 sessions; undefined without sessions. */
export function perThousand(of: { readonly sessions: number; readonly incidents: number }): number | undefined {
  return of.sessions === 0 ? undefined : (of.incidents / of.sessions) * 1000;
}
