import { connect } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Collector } from '../src/index.js';
import { createMetrics } from '../src/server/metrics.js';
import { sampleEnvelope, sampleIncident, sampleSession } from './sample-envelope.js';
import { post, startedCollector } from './started-collector.js';

async function scrape(collector: Collector): Promise<(name: string) => number> {
  const text = await (await fetch(`${collector.url}/metrics`)).text();
  const values = new Map(text.split('\n').map((line) => [line.replace(/ \S+$/, ''), Number(line.split(' ').at(-1))]));
  return (name) => values.get(`socketio_diagnostics_collector_${name}`) ?? Number.NaN;
}

describe('/metrics', () => {
  it('counts what was stored, what was there already and what was refused', async () => {
    const collector = await startedCollector();
    const envelope = sampleEnvelope({ records: [sampleIncident(), sampleSession()] });
    await post(collector, envelope);
    await post(collector, envelope);
    await post(collector, { ...sampleEnvelope(), records: [7, { ...sampleIncident(), status: 'exploded' }] });
    await post(collector, 'no JSON');

    const value = await scrape(collector);
    expect([value('records_total{result="stored"}'), value('records_total{result="duplicate"}')]).toEqual([2, 2]);
    expect(value('records_refused_total{reason="schema"}')).toBe(1);
    expect(value('records_refused_total{reason="unknown-kind"}')).toBe(1);
    expect([value('requests_total{status="200"}'), value('requests_total{status="400"}')]).toEqual([3, 1]);
    expect(value('commit_duration_seconds_count')).toBe(3);
    expect(value('received_bytes_total')).toBeGreaterThan(2 * JSON.stringify(envelope).length);
    expect(value('store_size_bytes')).toBeGreaterThan(4096);
    expect([value('waiting_bytes'), value('store_writable'), value('live_listeners')]).toEqual([0, 1, 0]);
  });

  it('is text that Prometheus reads', async () => {
    const collector = await startedCollector();
    await post(collector, sampleEnvelope());
    const response = await fetch(`${collector.url}/metrics`);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const sample = /^[a-z_]+(\{[a-z]+="[^"]*"\})? -?\d+(\.\d+)?(e-?\d+)?$/;
    const lines = (await response.text()).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.filter((line) => !/^# (HELP|TYPE) [a-z_]+ \S/.test(line) && !sample.test(line))).toEqual([]);
  });

  it('counts a value in every bucket that it is not above, and escapes labels', () => {
    const metrics = createMetrics();
    const histogram = metrics.histogram('h', 'Help.', [1, 2]);
    for (const value of [0.5, 1, 1.5, 9]) histogram.observe(value);
    metrics.counter('c', 'Help.', 'label').add(2, 'a"b\\c\nd');
    expect(metrics.text()).toContain('_h_bucket{le="1"} 2\n');
    expect(metrics.text()).toContain('_h_bucket{le="2"} 3\n');
    expect(metrics.text()).toContain('_h_bucket{le="+Inf"} 4\n');
    expect(metrics.text()).toContain('_h_sum 12\n');
    expect(metrics.text()).toContain('_c{label="a\\"b\\\\c\\nd"} 2\n');
  });
});

describe('a connection', () => {
  it('beyond the limit is closed at once and counted', async () => {
    const collector = await startedCollector({ maxConnections: 1 });
    const { hostname, port } = new URL(collector.url);
    const open = () => {
      const socket = connect(Number(port), hostname);
      onTestFinished(() => void socket.destroy());
      socket.on('error', () => {});
      return socket;
    };
    const first = open();
    await new Promise((resolve) => first.once('connect', resolve));
    const second = open();
    await new Promise((resolve) => second.once('close', resolve));
    first.destroy();
    await vi.waitFor(async () => {
      expect((await scrape(collector))('connections_dropped_total')).toBeGreaterThanOrEqual(1);
    });
  });

  it('with more headers than any browser sends is answered with 431', async () => {
    const collector = await startedCollector();
    const response = await fetch(`${collector.url}/healthz`, { headers: { 'x-long': 'x'.repeat(20_000) } });
    expect(response.status).toBe(431);
  });
});
