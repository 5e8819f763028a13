import { readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Envelope } from '../../src/index.js';
import { startNginx } from '../../test/faults/_kit/nginx.js';
import { startProgram } from '../../test/faults/_kit/program.js';
import { startProxy } from '../../test/faults/_kit/start-proxy.js';
import { dashboardBrowser } from './dashboard-browser.js';
import { sampleEnvelope, sampleIncident, sampleSession } from './sample-envelope.js';

const TOKEN = 'correct-horse-battery';
const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

const { serve, open } = dashboardBrowser();

/** The lines that the README tells people to copy, for a collector at this port. */
function snippet(language: string, port: number): string {
  const blocks = [...readme.matchAll(new RegExp(`\`\`\`${language}\n([^\`]*)\`\`\``, 'g'))].map(
    ([, text = '']) => text,
  );
  const found = blocks.find((text) => text.includes('/diagnostics/'));
  if (found === undefined) throw new Error(`README.md has no ${language} for a path`);
  return replaced(found, '127.0.0.1:4390', `127.0.0.1:${port}`);
}

function replaced(text: string, from: string, to: string): string {
  expect(text).toContain(from);
  return text.replace(from, to);
}

function startCaddyWith(site: string) {
  return startProgram({
    command: 'caddy',
    env: 'CADDY',
    args: (folder) => ['run', '--adapter', 'caddyfile', '--config', `${folder}/Caddyfile`],
    ready: /serving initial configuration/,
    files: ({ port }) => ({
      Caddyfile: `{
  admin off
  auto_https off
  grace_period 100ms
}
http://:${port} {
  bind 127.0.0.1
  ${site}
  respond "the other app" 418
}
`,
    }),
  });
}

const otherApp = 'location / { return 418 "the other app"; }';

const PROXIES = {
  'nginx that takes it away': (port: number) => startNginx(`${snippet('nginx', port)} ${otherApp}`),
  'nginx that leaves it': (port: number) =>
    startNginx(`${replaced(snippet('nginx', port), `${port}/;`, `${port};`)} ${otherApp}`),
  'Caddy that takes it away': (port: number) => startCaddyWith(snippet('caddy', port)),
  'Caddy that leaves it': (port: number) => startCaddyWith(replaced(snippet('caddy', port), 'handle_path', 'handle')),
  'HAProxy that takes it away': (target: number) =>
    startProxy('haproxy', { target, from: '/diagnostics/', to: '/', websocket: true }),
  'Apache that takes it away': (target: number) => startProxy('apache', { target, from: '/diagnostics/', to: '/' }),
} as const;

describe.each(Object.entries(PROXIES))('below a path of %s', (name, start) => {
  it('signs in, goes from page to page, follows, exports and takes records', async () => {
    const served = await serve({ readToken: TOKEN, ...(name.endsWith('leaves it') && { basePath: '/diagnostics' }) });
    onTestFinished(() => served.close());
    const proxy = await start(served.port);
    onTestFinished(() => proxy.close());
    const home = `${proxy.url}/diagnostics`;
    const send = (records: Envelope['records']) =>
      fetch(`${home}/v1/records`, { method: 'POST', body: JSON.stringify(sampleEnvelope({ records })) });

    const { page, complaints } = await open(`${home}/`);
    const outside: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(`${home}/`)) outside.push(request.url());
    });
    await page.getByLabel('Read token', { exact: true }).fill(TOKEN);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Waiting for the first record' }).waitFor();
    await page.getByText(`'${home}/v1/records'`).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    const cookies = await page.context().cookies();
    expect(cookies.map(({ path, httpOnly, sameSite }) => [path, httpOnly, sameSite])).toEqual([
      ['/diagnostics/api', true, 'Strict'],
    ]);

    // What comes while the page is open is seen without a click, so the event stream gets through.
    const incident = sampleIncident();
    expect((await send([incident, sampleSession()])).status).toBe(200);
    const row = page.locator('.incidents li');
    await row.getByRole('link').click();
    await page.waitForURL(`${home}/incidents/${incident.id}`);
    await page.getByRole('heading', { name: 'What happened' }).waitFor();
    await page.reload();
    await page.getByRole('link', { name: incident.diagnosis.code }).click();
    await page.waitForURL(`${home}/causes/${incident.diagnosis.code}`);
    await page.reload();
    await page.getByText('Where it happens').waitFor();
    await page.goBack();
    await page.waitForURL(`${home}/incidents/${incident.id}`);
    await page.getByRole('heading', { name: 'What happened' }).waitFor();
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Incidents' }).click();
    await page.waitForURL(`${home}/incidents`);
    await page.getByLabel('Period').selectOption('7d');
    await page.waitForURL(`${home}/incidents?period=7d`);
    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Export incidents as CSV' }).click();
    expect((await downloading).url()).toBe(`${home}/api/export/incidents.csv?period=7d`);
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Releases' }).click();
    await page.waitForURL(`${home}/releases?period=7d`);

    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Read token', { exact: true }).waitFor();
    expect(await page.context().cookies()).toEqual([]);
    expect(outside).toEqual([]);
    // A question without the cookie is answered with 401, which the browser tells.
    expect(complaints.filter((complaint) => !complaint.includes('401'))).toEqual([]);
  });
});

describe.each(Object.entries(PROXIES).slice(0, 4))('below a path of %s', (name, start) => {
  it('finds the dashboard without the last slash, and leaves the rest of the host alone', async () => {
    const served = await serve({ ...(name.endsWith('leaves it') && { basePath: '/diagnostics' }) });
    onTestFinished(() => served.close());
    const proxy = await start(served.port);
    onTestFinished(() => proxy.close());
    const { page, complaints } = await open(`${proxy.url}/diagnostics`);
    await page.waitForURL(`${proxy.url}/diagnostics/`);
    await page.getByRole('heading', { name: 'Waiting for the first record' }).waitFor();
    expect(complaints).toEqual([]);
    expect((await fetch(`${proxy.url}/api/overview`)).status).toBe(418);
  });
});
