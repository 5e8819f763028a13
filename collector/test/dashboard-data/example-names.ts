import dns from 'node:dns';

/** Lets every name under `.example`, which nobody can own, lead to this machine; returns what takes that back. */
export function resolveExampleNames(): () => void {
  const original = dns.lookup;
  const lookup = (name: string, ...rest: unknown[]) =>
    (original as unknown as (...values: unknown[]) => unknown)(name.endsWith('.example') ? '127.0.0.1' : name, ...rest);
  dns.lookup = Object.assign(lookup, original) as typeof dns.lookup;
  return () => {
    dns.lookup = original;
  };
}
