/** In which time all times are told. */
export function TimeZone() {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const parts = new Intl.DateTimeFormat('en', { timeZoneName: 'shortOffset' }).formatToParts(Date.now());
  const offset = parts.find(({ type }) => type === 'timeZoneName')?.value;
  return (
    <span>
      Times are those of this device: {timeZone}
      {offset !== undefined && timeZone !== 'UTC' && ` (${offset})`}
    </span>
  );
}
