/** Says in which time zone all times are shown. */
export function TimeZone() {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const parts = new Intl.DateTimeFormat('en', { timeZoneName: 'shortOffset' }).formatToParts(Date.now());
  const offset = parts.find(({ type }) => type === 'timeZoneName')?.value;
  return (
    <span>
      Times are in this device’s time zone: {timeZone}
      {offset !== undefined && timeZone !== 'UTC' && ` (${offset})`}
    </span>
  );
}
