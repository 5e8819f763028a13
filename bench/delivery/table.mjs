/** One cell in words. */
export function describeCell(result) {
  if (!result) return '–';
  if (result.error) return `failed: ${result.error}`;
  const { incidents, lost, more, most, lateMs, otherRecordsLost } = result;
  const late = lateMs === undefined || lateMs < 1_000 ? '' : `, ${formatSeconds(lateMs)} late`;
  const besides = otherRecordsLost.length > 0 ? `; lost besides: ${otherRecordsLost.length}` : '';
  const of = incidents > 1 ? ` of ${incidents}` : '';
  if (lost > 0) return incidents > 1 ? `**${lost}${of} lost**${besides}` : '**lost**';
  if (more > 0) return `**stored ${most} times**${besides}`;
  return `once${late}${besides}`;
}

const formatSeconds = (ms) => (ms < 10_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 1000)} s`);

/** The whole result as Markdown, one table for each place. */
export function tableOf({ results, cost, rows, peers, versions, node, browser }) {
  const lines = [
    'One incident is sent through each fault of the collector, with each peer set up as its documentation says, to a real HTTP server that counts',
    'what it has synced to disk. "Late" counts from the moment the receiver worked again, if it is a second or more. Repeated records count once if they carry',
    "something by which a receiver can recognize them (our id and revision, Sentry's `event_id`, Faro's `Idempotency-Key`).",
  ];
  for (const [place, where] of [
    ['chromium', `Chromium ${browser}`],
    ['node', `Node ${node}`],
  ]) {
    const here = peers.filter(({ carrier }) => carrier[place]);
    lines.push(
      '',
      `### ${where}`,
      '',
      `| | ${here.map(({ name }) => `${name} ${versions[place][name]}`).join(' | ')} |`,
    );
    lines.push(`|---|${here.map(() => '---|').join('')}`);
    for (const row of rows.filter(({ places }) => places.includes(place))) {
      const cells = here.map(({ name }) =>
        describeCell(results.find((one) => one.row === row.id && one.place === place && one.peer === name)),
      );
      lines.push(`| ${row.title} | ${cells.join(' | ')} |`);
    }
  }
  if (cost.length > 0) {
    lines.push(
      '',
      '### What carrying costs',
      '',
      'The same incidents are given to each of them in a page, one after the other, in the same run; medians per record that arrived. Processor time',
      'of the page, minus what it takes while nothing is given to it, as a multiple of ours; bytes include headers and preflights.',
      '',
      '| | Bytes | of which bodies | Requests | Bytes, ours = 1 | Processor time, ours = 1 |',
      '|---|--:|--:|--:|--:|--:|',
      ...cost.map(
        ({ peer, bytes, bodyBytes, requests, bytesRatio, cpuRatio }) =>
          `| ${peer} | ${Math.round(bytes).toLocaleString('en')} | ${Math.round(bodyBytes).toLocaleString('en')} | ${requests.toFixed(2)} | ${bytesRatio.toFixed(2)} | ${cpuRatio.toFixed(2)} |`,
      ),
    );
  }
  return lines;
}
