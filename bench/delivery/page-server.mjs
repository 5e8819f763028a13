// Serves one page for each carrier, and is the web server without Socket.IO that the pages dial.
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export async function startPageServer() {
  const bundles = new Map();
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://page');
    if (pathname !== '/page' && pathname !== '/cost-page') {
      response.writeHead(404, { 'access-control-allow-origin': '*' }).end('Not found');
      return;
    }
    const carrier = searchParams.get('carrier');
    const key = `${pathname} ${carrier}`;
    if (!bundles.has(key)) bundles.set(key, bundle(`.${pathname}.mjs`, carrier));
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(
      `<!doctype html><title>${carrier}</title><link rel="icon" href="data:,"><script>${await bundles.get(key)}</script>`,
    );
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${server.address().port}`;
  return {
    url,
    pageUrl: (carrier) => `${url}/page?carrier=${carrier}`,
    costUrl: (carrier) => `${url}/cost-page?carrier=${carrier}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function bundle(entry, carrier) {
  const file = (name) => fileURLToPath(new URL(name, import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [file(entry)],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    target: 'es2020',
    platform: 'browser',
    define: { 'process.env.NODE_ENV': '"production"' },
    alias: { '#carrier': file(`./carriers/${carrier}.mjs`), '#sdk': file('../../dist/index.mjs') },
  });
  return outputFiles[0].text.replaceAll('</script', '<\\/script');
}
