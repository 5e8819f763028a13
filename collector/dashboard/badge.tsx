interface BadgeProps {
  /** A word of the record; one that is not known here is shown plainly. */
  readonly word: string;
  readonly title?: string;
}

const TONES: Readonly<Record<string, string>> = {
  confirmed: 'sure',
  'confirmed as a class': 'sure',
  suspected: 'unsure',
  open: 'bad',
  connected: 'good',
  'never connected': 'bad',
  resolved: 'good',
  abandoned: 'quiet',
  error: 'bad',
  warning: 'warn',
  info: 'quiet',
};

export function Badge({ word, title }: BadgeProps) {
  const tone = Object.hasOwn(TONES, word) ? TONES[word] : 'quiet';
  return (
    <span class={`badge badge-${tone}`} title={title}>
      {word}
    </span>
  );
}
