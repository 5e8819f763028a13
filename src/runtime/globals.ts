type Globals = Partial<Window & typeof globalThis>;

/**
 * The global object with everything optional: a worker, a server-side renderer and React Native each lack something. Chrome has
 * `globalThis` since 71, Safari since 12.1.
 */
export function globals(): Globals {
  return (typeof globalThis === 'undefined' ? self : globalThis) as Globals;
}
