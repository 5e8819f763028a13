import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: at('./dashboard'),
  // The collector may lie below any path.
  base: './',
  // The SDK is the root of this workspace, which npm links nowhere: its public entry is taken from the sources.
  resolve: { alias: { 'socket.io-diagnostics/explain': at('../src/explain.ts') } },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [
    {
      name: 'block-rendering',
      // The page is empty without its script: nothing is painted before the chosen theme is known.
      transformIndexHtml: (html) => html.replace('<script type="module"', '<script type="module" blocking="render"'),
    },
  ],
  build: {
    outDir: at('./dist/dashboard'),
    emptyOutDir: true,
    target: 'es2022',
    // The polyfill is an inline fetch for browsers that this target leaves out.
    modulePreload: { polyfill: false },
    // The content security policy allows no data: addresses.
    assetsInlineLimit: 0,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:4390', '/v1': 'http://127.0.0.1:4390' } },
});
