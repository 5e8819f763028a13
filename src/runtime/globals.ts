type Globals = Partial<Window & typeof globalThis>;

/** The global object with everything optional: a worker, a server-side renderer and React Native each lack something. */
export function globals(): Globals {
  return globalThis as Globals;
}
