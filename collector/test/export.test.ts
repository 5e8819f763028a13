import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { csvRow } from '../src/server/csv-row.js';
import { exportRoutes } from '../src/server/export-routes.js';
import type { Store } from '../src/stores/store.js';
import { sampleEnvelope, sampleIncident, sampleSession } from './sample-envelope.js';
import { post, startedCollector } from './started-collector.js';

const FORMULAS = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '  =1', '\r=1', '＝1'];

describe('an export', () => {
  it.each(['incidents', 'causes', 'releases'])('has the %s of a selection, as CSV and as JSON', async (name) => {
    const collector = await startedCollector();
    await post(collector, sampleEnvelope({ records: [sampleIncident(), sampleSession()] }));
    await post(
      collector,
      sampleEnvelope({ app: { name: 'other', release: '1.0.0' }, records: [sampleIncident(), sampleSession()] }),
    );
    const get = (format: string, query: string) => fetch(`${collector.url}/api/export/${name}.${format}?${query}`);

    const csv = await get('csv', 'app=other');
    expect(csv.headers.get('content-disposition')).toMatch(
      new RegExp(`^attachment; filename="${name}-[\\d-]+\\.csv"$`),
    );
    const [head, ...rows] = (await csv.text()).trimEnd().split('\r\n');
    expect(rows.length).toBe(1);
    expect(rows[0]?.split(',').length).toBe(head?.split(',').length);

    const json = (await (await get('json', 'app=other')).json()) as Record<string, unknown>[];
    expect(json.length).toBe(1);
    expect(head?.split(',').filter((column) => !Object.keys(json[0] ?? {}).includes(column))).toEqual([]);

    expect(await (await get('json', 'app=nobody')).json()).toEqual([]);
    expect((await get('csv', 'period=forever')).status).toBe(400);
  });

  it('has more incidents than a page of the list', async () => {
    const collector = await startedCollector();
    const records = Array.from({ length: 450 }, () => sampleIncident());
    for (let i = 0; i < records.length; i += 150) {
      await post(collector, sampleEnvelope({ records: records.slice(i, i + 150) }));
    }
    const response = await fetch(`${collector.url}/api/export/incidents.json`);
    const ids = ((await response.json()) as { id: string }[]).map(({ id }) => id);
    expect(ids.sort()).toEqual(records.map(({ id }) => id).sort());
  });

  it('leaves a turn to others between two pages, however quick its reader is', async () => {
    const collector = await startedCollector();
    await post(collector, sampleEnvelope());
    const [row] = (await (await fetch(`${collector.url}/api/incidents`)).json()).incidents;
    let turn = 0;
    let isOver = false;
    const count = () => {
      turn += 1;
      if (!isOver) setImmediate(count);
    };
    count();
    const turns: number[] = [];
    const listIncidents = async () => {
      turns.push(turn);
      return { incidents: Array(200).fill(row), ...(turns.length < 50 && { next: 'more' }) };
    };
    const app = fastify();
    await app.register(exportRoutes, { store: { listIncidents } as unknown as Store });
    const { body } = await app.inject('/api/export/incidents.csv');
    isOver = true;
    expect(body.trimEnd().split('\r\n').length).toBe(1 + 50 * 200);
    expect(new Set(turns).size).toBe(50);
  });

  it('holds no cell that a spreadsheet takes for a formula', async () => {
    const collector = await startedCollector();
    const records = FORMULAS.map((namespace) => sampleIncident({ namespace }));
    await post(collector, sampleEnvelope({ app: { name: '=cmd|calc' }, records }));
    const text = await (await fetch(`${collector.url}/api/export/incidents.csv`)).text();
    expect(text.split(/\r\n/).length).toBe(FORMULAS.length + 2);
    expect(text).toContain(",'=cmd|calc,");
    expect(text).not.toMatch(/(^|,|\n)"?\s*[=+\-@＝]/);
  });

  it('quotes what would end a cell', () => {
    expect(csvRow(['a,b', 'say "x"', 'two\nlines', 7, -2, true, null, undefined])).toBe(
      '"a,b","say ""x""","two\nlines",7,-2,true,,\r\n',
    );
    for (const formula of FORMULAS) expect(csvRow([formula])).toMatch(/^"?'/);
  });
});
