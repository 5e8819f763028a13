import type { WireSignal } from '../src/ingest/wire-records.js';
import { formatDuration } from './format-duration.js';
import { formatValue } from './format-value.js';

export type Lane = 'Attempts' | 'Transport' | 'Socket' | 'Probes' | 'Page' | 'Other';
export type Tone = 'good' | 'bad' | 'warn' | 'neutral';

export interface SignalDescription {
  readonly lane: Lane;
  readonly tone: Tone;
  /** What was seen, in a few words. */
  readonly title: string;
  /** The rest of what it carries; may be empty. */
  readonly details: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Puts a signal into words; a signal of an unknown kind is shown by its own name. */
export function describeSignal(signal: WireSignal): SignalDescription {
  const fields = signal as unknown as Fields;
  const { lane, tone, title, used } = describeKind(signal, fields);
  const shown = new Set(['kind', 'at', 'attempt', ...used]);
  const details = Object.entries(fields)
    .filter(([name]) => !shown.has(name))
    .map(([name, value]) => `${name} ${formatField(name, value)}`)
    .join(' · ');
  return { lane, tone, title, details };
}

interface KindDescription extends Omit<SignalDescription, 'details'> {
  /** Fields that the title already covers. */
  readonly used: readonly string[];
}

function describeKind({ kind, attempt }: WireSignal, fields: Fields): KindDescription {
  const text = (name: string) => formatField(name, fields[name] ?? '?');
  const says = (lane: Lane, tone: Tone, title: string, ...used: string[]): KindDescription => ({
    lane,
    tone,
    title,
    used,
  });
  switch (kind) {
    case 'attempt-started':
      return says('Attempts', 'neutral', `Attempt ${attempt} started`);
    case 'handshake':
      return says(
        'Transport',
        fields.repeatedSid ? 'warn' : 'good',
        `Handshake over ${text('transport')}`,
        'transport',
      );
    case 'engine-opened':
      return says('Transport', 'good', `Engine opened over ${text('transport')}`, 'transport');
    case 'engine-failed':
      return says(
        'Transport',
        'bad',
        `Engine failed over ${text('transport')}: ${errorText(fields.error)}`,
        'transport',
        'error',
      );
    case 'engine-closed':
      return says('Attempts', 'bad', `Engine closed: ${text('reason')}`, 'reason');
    case 'transport-failed':
      return says(
        'Transport',
        'bad',
        `${text('transport')} failed, the next transport was tried: ${errorText(fields.error)}`,
        'transport',
        'error',
      );
    case 'transport-unopened':
      return says('Transport', 'bad', `${text('transport')} could not start`, 'transport');
    case 'websocket-closed':
      return says(
        'Transport',
        fields.wasClean === true ? 'neutral' : 'bad',
        `WebSocket closed: ${text('closeCode')}`,
        'closeCode',
      );
    case 'upgrade-started':
      return says('Transport', 'neutral', `Upgrade to ${text('transport')} started`, 'transport');
    case 'upgraded':
      return says('Transport', 'good', `Upgraded to ${text('transport')}`, 'transport');
    case 'upgrade-failed':
      return says('Transport', 'bad', `Upgrade to ${text('transport')} failed: ${text('how')}`, 'transport', 'how');
    case 'upgrade-overdue':
      return says('Transport', 'warn', `Not upgraded after ${text('afterMs')}`, 'afterMs');
    case 'connected':
      return says('Socket', 'good', `Connected to ${text('namespace')}`, 'namespace');
    case 'connect-overdue':
      return says('Socket', 'warn', `No answer to CONNECT after ${text('afterMs')}`, 'afterMs', 'namespace');
    case 'connect-error':
      return says('Socket', 'bad', `connect_error: ${errorText(fields.error)}`, 'error');
    case 'disconnected':
      return says('Socket', 'bad', `Disconnected: ${text('reason')}`, 'reason');
    case 'reconnect-failed':
      return says('Socket', 'bad', 'The client gave up reconnecting');
    case 'probe':
      return says('Probes', toneOfAnswer(fields.answer), `${text('name')}: ${text('answer')}`, 'name', 'answer');
    case 'page':
      return says('Page', toneOfPage(fields.event), `Page ${text('event')}`, 'event');
    case 'timer-gap':
      return says('Page', 'warn', `Timers were suspended for ${text('gapMs')}`, 'gapMs');
    case 'usage':
      return says('Socket', 'warn', `Use of the socket: ${text('fact')}`, 'fact', 'namespace');
    case 'csp-violation':
      return says('Page', 'bad', `Content-Security-Policy blocked ${text('blocked')}`, 'blocked');
    default:
      return says('Other', 'neutral', kind);
  }
}

function errorText(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '?';
  const { message, ...rest } = error as Fields;
  const more = Object.entries(rest).map(([name, value]) => `${name} ${formatField(name, value)}`);
  return [formatField('message', message ?? '?'), ...more].join(', ');
}

function formatField(name: string, value: unknown): string {
  if (typeof value === 'number' && name.endsWith('Ms')) return formatDuration(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return formatValue(value);
  const parts = Object.entries(value).map(([key, one]) =>
    key === 'is' || key === 'result' || key === 'message' ? formatField(key, one) : `${key} ${formatField(key, one)}`,
  );
  return parts.join(' ');
}

function toneOfAnswer(answer: unknown): Tone {
  if (answer === 'yes') return 'good';
  return answer === 'no' ? 'bad' : 'neutral';
}

function toneOfPage(event: unknown): Tone {
  if (event === 'offline' || event === 'frozen') return 'bad';
  return event === 'hidden' || event === 'left' ? 'warn' : 'neutral';
}
