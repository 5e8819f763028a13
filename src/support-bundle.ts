import type { Snapshot, SupportBundle } from './diagnostics.js';
import type { Signal } from './signals/signal.js';
import type { Timeline } from './signals/timeline.js';

/** Formats what is known as a text that a user can paste into a support ticket. Signals are redacted when they are created, and so is this. */
export function supportBundle(snapshot: Snapshot, timeline: Timeline): SupportBundle {
  const { target, client, runtime } = timeline;
  const scheme = target.secure ? 'https' : 'http';
  const lines = [
    '# Socket.IO connection report',
    '',
    `- State: ${snapshot.state}${snapshot.transport ? ` over ${snapshot.transport}` : ''}, attempt ${snapshot.attempt}`,
    `- Server: ${scheme}://${target.host}:${target.port}${target.path} (namespace ${snapshot.namespace})`,
    `- Client: socket.io-client ${client.version} in ${runtime.kind}/${runtime.engine}`,
    '',
  ];
  const diagnosis = snapshot.incident?.diagnosis;
  if (diagnosis) {
    lines.push(
      `## ${diagnosis.title}`,
      '',
      `${diagnosis.certainty}: \`${diagnosis.code}\`, <${diagnosis.docs}>`,
      '',
      ...diagnosis.evidence.map(({ claim }) => `- ${claim}`),
      ...diagnosis.alternatives.map(({ code, title }) => `- Also possible: ${title} (\`${code}\`)`),
      '',
    );
  }
  lines.push(
    '## Timeline',
    '',
    '| ms | attempt | signal | details |',
    '| ---: | ---: | --- | --- |',
    ...timeline.signals.map(row),
  );
  if (timeline.droppedSignals > 0) lines.push('', `${timeline.droppedSignals} signals were dropped from the middle.`);
  return { markdown: `${lines.join('\n')}\n`, json: { snapshot, timeline } };
}

function row({ at, attempt, kind, ...rest }: Signal): string {
  const facts = Object.entries(rest).map(
    ([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : value}`,
  );
  return `| ${at} | ${attempt} | ${kind} | ${facts.join(', ').replace(/\|/g, '\\|')} |`;
}
