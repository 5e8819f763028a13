interface BadgeProps {
  /** A word from the record; an unknown one is shown plainly. */
  readonly word: string;
  readonly title?: string;
}

const TONES: Readonly<Record<string, string>> = {
  confirmed: 'sure',
  'confirmed as a class': 'sure',
  suspected: 'unsure',
  open: 'bad',
  connected: 'good',
  'could not connect': 'bad',
  resolved: 'good',
  abandoned: 'quiet',
  error: 'bad',
  warning: 'warn',
  info: 'quiet',
};

/** What may not be obvious; shown on hover. */
const MEANINGS: Readonly<Record<string, string>> = {
  suspected: 'Other causes remain possible',
  open: 'It is ongoing, or nothing more was heard of it',
  resolved: 'The connection came back',
  abandoned: 'The page was left, or the app stopped trying, before the connection came back',
};

export function Badge({ word, title }: BadgeProps) {
  const tone = Object.hasOwn(TONES, word) ? TONES[word] : 'quiet';
  return (
    <span class={`badge badge-${tone}`} title={title ?? (Object.hasOwn(MEANINGS, word) ? MEANINGS[word] : undefined)}>
      {word}
    </span>
  );
}
