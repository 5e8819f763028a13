/**
 * 15 bytes in Base64, the last three of which are a counter (base64id 0.1 to 2.0, python-engineio 3 and 4); by P it has counted to four
 * million.
 */
const RANDOM_AND_COUNTER = /^[\w-]{16}[A-P][\w-]{3}$/;
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** A random id has more distinct characters than a mask such as `AAAA…` or a UUID of zeros. */
const MIN_DIFFERENT = 8;

/** Whether a session id looks like servers make theirs by default: then no intermediary has replaced it. */
export function isServerSid(sid: string): boolean {
  return (RANDOM_AND_COUNTER.test(sid) || UUID.test(sid)) && new Set(sid).size >= MIN_DIFFERENT;
}
