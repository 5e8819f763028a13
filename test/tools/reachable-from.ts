import type { ImportEdge } from './import-graph.js';

/** Everything that the file imports, directly or through others; packages and built-ins by their specifier. */
export function reachableFrom(file: string, edges: readonly ImportEdge[]): ReadonlySet<string> {
  const reached = new Set<string>();
  const visit = (from: string): void => {
    for (const edge of edges) {
      if (edge.from !== from || reached.has(edge.to)) continue;
      reached.add(edge.to);
      visit(edge.to);
    }
  };
  visit(file);
  return reached;
}
