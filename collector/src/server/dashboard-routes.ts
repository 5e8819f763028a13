import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Where the build puts the dashboard; the path is the same from `src` and from `dist`. */
export const DASHBOARD_FOLDER = fileURLToPath(new URL('../../dist/dashboard/', import.meta.url));

/** Only the dashboard's own files run or load, and no text becomes markup, whatever a record says. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const PAGES = ['/', '/incidents', '/incidents/:id', '/causes/:code', '/releases', '/sessions/:id'];

export interface DashboardRoutesOptions {
  readonly folder: string;
  /** As `--base-path`, without a trailing slash; empty: none. */
  readonly basePath: string;
}

/**
 * Serves the built dashboard; every URL of its pages gets the same document. What it loads is relative to that URL, so it need not know
 * what a proxy has put in front.
 */
export async function dashboardRoutes(
  app: FastifyInstance,
  { folder, basePath }: DashboardRoutesOptions,
): Promise<void> {
  const page = readPage(folder);
  const pageOneDeeper = page?.replaceAll('"./', '"../');
  const assets = readAssets(join(folder, 'assets'));

  const sendPage = async (request: FastifyRequest, reply: FastifyReply) => {
    const [path, ...query] = request.originalUrl.split('?');
    // Without the slash, everything on the page would be looked for one folder up.
    if (basePath !== '' && path === basePath) return reply.redirect([`${basePath}/`, ...query].join('?'), 307);
    if (page === undefined) {
      return reply
        .code(503)
        .type('text/plain; charset=utf-8')
        .send('The dashboard is not built. Run: npm run build -w collector\n');
    }
    return reply
      .header('content-security-policy', CONTENT_SECURITY_POLICY)
      .header('cache-control', 'no-cache')
      .header('cross-origin-opener-policy', 'same-origin')
      .type('text/html; charset=utf-8')
      .send(request.routeOptions.url?.includes('/:') ? pageOneDeeper : page);
  };
  for (const path of PAGES) app.get(path, { exposeHeadRoute: true }, sendPage);

  app.get<{ Params: { file: string } }>('/assets/:file', async ({ params, headers }, reply) => {
    const asset = assets.get(params.file);
    if (asset === undefined) return reply.callNotFound();
    reply
      .header('cache-control', 'public, max-age=31536000, immutable')
      .header('vary', 'accept-encoding')
      .type(CONTENT_TYPES[extname(params.file)] ?? 'application/octet-stream');
    if (!/\bgzip\b/.test(headers['accept-encoding'] ?? '')) return reply.send(asset.plain);
    return reply.header('content-encoding', 'gzip').send(asset.packed);
  });
}

function readPage(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, 'index.html'), 'utf8');
  } catch {
    return undefined;
  }
}

interface Asset {
  readonly plain: Buffer;
  readonly packed: Buffer;
}

function readAssets(folder: string): Map<string, Asset> {
  try {
    return new Map(
      readdirSync(folder).map((file) => {
        const plain = readFileSync(join(folder, file));
        return [file, { plain, packed: gzipSync(plain, { level: 9 }) }];
      }),
    );
  } catch {
    return new Map();
  }
}
