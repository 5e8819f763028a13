/**
 * Counters, histograms and gauges as Prometheus text (version 0.0.4). Hand-written, because prom-client brings OpenTelemetry's API and a
 * t-digest for what takes sixty lines here.
 */
export interface Metrics {
  counter(name: string, help: string, label?: string): Counter;
  histogram(name: string, help: string, bounds: readonly number[]): { observe(value: number): void };
  /** Read at each scrape; `undefined` omits it. */
  gauge(name: string, help: string, read: () => number | undefined): void;
  text(): string;
}

export interface Counter {
  /** `value` is that of the counter's label: one of a closed set, because each takes memory forever. */
  add(amount: number, value?: string): void;
}

export const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const PREFIX = 'socketio_diagnostics_collector_';

export function createMetrics(): Metrics {
  const parts: (() => string)[] = [];
  const add = (name: string, type: string, help: string, lines: () => readonly string[]) => {
    parts.push(() => [`# HELP ${PREFIX}${name} ${help}`, `# TYPE ${PREFIX}${name} ${type}`, ...lines()].join('\n'));
  };
  return {
    counter(name, help, label) {
      const values = new Map<string, number>(label === undefined ? [['', 0]] : []);
      add(name, 'counter', help, () =>
        [...values].map(
          ([value, count]) => `${PREFIX}${name}${label ? `{${label}="${escaped(value)}"}` : ''} ${count}`,
        ),
      );
      return {
        add(amount, value = '') {
          values.set(value, (values.get(value) ?? 0) + amount);
        },
      };
    },
    histogram(name, help, bounds) {
      const counts = bounds.map(() => 0);
      let sum = 0;
      let count = 0;
      add(name, 'histogram', help, () => [
        ...bounds.map((bound, index) => `${PREFIX}${name}_bucket{le="${bound}"} ${counts[index]}`),
        `${PREFIX}${name}_bucket{le="+Inf"} ${count}`,
        `${PREFIX}${name}_sum ${sum}`,
        `${PREFIX}${name}_count ${count}`,
      ]);
      return {
        observe(value) {
          sum += value;
          count += 1;
          for (const [index, bound] of bounds.entries()) if (value <= bound) counts[index] = (counts[index] ?? 0) + 1;
        },
      };
    },
    gauge(name, help, read) {
      add(name, 'gauge', help, () => {
        const value = read();
        return value === undefined ? [] : [`${PREFIX}${name} ${value}`];
      });
    },
    text: () => `${parts.map((part) => part()).join('\n')}\n`,
  };
}

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
