import type { ImportEdge } from './import-graph.js';

/** What the files of a layer may import beside the files next to them: prefixes of paths. */
export interface Layer {
  readonly files: RegExp;
  readonly values: readonly string[];
  /** Imported for their types only: nothing of them is in the bundle because of this layer. */
  readonly types?: readonly string[];
  /** A file of this layer may not import its neighbours either. */
  readonly alone?: true;
}

const judged = ['src/signals/', 'src/diagnosis/', 'src/incidents/'];
const core = [...judged, 'src/lint/', 'src/probes/', 'src/causes/', 'src/delivery/'];

/** Who may import whom. The first layer that a file belongs to counts; a file of ours without a layer is a violation itself. */
export const layers: readonly Layer[] = [
  { files: /^src\/runtime\//, values: [] },
  { files: /^src\/signals\//, values: [], types: ['src/runtime/runtime.ts'] },
  { files: /^src\/lint\//, values: ['src/signals/'], types: ['src/diagnosis/'] },
  { files: /^src\/probes\//, values: ['src/signals/'], types: ['src/runtime/runtime.ts'] },
  { files: /^src\/diagnosis\//, values: [], types: ['src/signals/'] },
  { files: /^src\/causes\/(rules|usage-rules|texts|codes|retired)\.ts$/, values: [], types: ['src/diagnosis/'] },
  { files: /^src\/causes\//, values: ['src/diagnosis/'], types: ['src/signals/'], alone: true },
  { files: /^src\/incidents\//, values: ['src/signals/', 'src/diagnosis/'] },
  { files: /^src\/delivery\//, values: [], types: [...judged, 'src/causes/', 'src/runtime/runtime.ts'] },
  {
    files: /^src\/explain\.ts$/,
    values: ['src/causes/texts.ts'],
    types: ['src/causes/', 'src/diagnosis/'],
    alone: true,
  },
  { files: /^src\/index\.ts$/, values: [...core, 'src/runtime/browser.ts'], types: ['src/runtime/runtime.ts'] },
  {
    files: /^src\/index\.node\.ts$/,
    values: [...core, 'src/runtime/page-in-node.ts', 'src/runtime/node.ts'],
    types: ['src/runtime/runtime.ts'],
  },
  {
    files: /^src\/index\.native\.ts$/,
    values: [...core, 'src/runtime/react-native.ts'],
    types: ['src/runtime/runtime.ts'],
  },
  {
    files: /^src\/judge-in-browser\.ts$/,
    values: [...core, 'src/runtime/probing-browser.ts'],
    types: ['src/runtime/runtime.ts'],
  },
  {
    files: /^src\/cli\//,
    values: [...core, 'src/explain.ts', 'src/runtime/node.ts'],
    types: ['src/runtime/runtime.ts'],
  },
  { files: /^src\/(react|vue|otel|sentry)\//, values: ['src/index.ts'] },
  { files: /^src\/file\.ts$/, values: ['src/runtime/node-file-storage.ts'], types: ['src/runtime/runtime.ts'] },
  { files: /^src\/[^/]+\.ts$/, values: core, types: ['src/runtime/runtime.ts'] },
  { files: /^collector\//, values: ['collector/'] },
];

/** One sentence per import that the layers do not allow. */
export function layerViolations(edges: readonly ImportEdge[], rules: readonly Layer[] = layers): readonly string[] {
  return edges.filter((edge) => /^(src|collector)\//.test(edge.to) && !isAllowed(edge, rules)).map(describe);
}

function isAllowed({ from, to, typeOnly }: ImportEdge, rules: readonly Layer[]): boolean {
  const layer = rules.find(({ files }) => files.test(from));
  if (layer === undefined) return false;
  if (!layer.alone && folderOf(from) === folderOf(to)) return true;
  return [...layer.values, ...(typeOnly ? (layer.types ?? []) : [])].some((prefix) => to.startsWith(prefix));
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

function describe({ from, to, typeOnly }: ImportEdge): string {
  return `${from} imports ${typeOnly ? 'types of ' : ''}${to}`;
}
