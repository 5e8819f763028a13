import { build } from 'esbuild';

/** A page with one script, bundled from TypeScript that is given as text; imports are resolved from the root of the repository. */
export async function bundlePage(script: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: script, resolveDir: process.cwd(), loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2020',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const code = (outputFiles[0]?.text ?? '').replaceAll('</script', '<\\/script');
  return `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><script>${code}</script>`;
}
