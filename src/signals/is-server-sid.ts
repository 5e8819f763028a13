/**
 * 15 bytes in base64, of which the last three are a counter (base64id 0.1 to 2.0, python-engineio 3 and 4); up to P it has been counted to
 * four million.
 */
const RANDOM_AND_COUNTER = /^[\w-]{16}[A-P][\w-]{3}$/;
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** What is random has more different characters than a mask such as `AAAA…` or a UUID of zeros. */
const MIN_DIFFERENT = 8;

/** Whether a session id is made as servers make theirs by default: then nothing on the way has put something in its place. */
export function isServerSid(sid: string): boolean {
  return (RANDOM_AND_COUNTER.test(sid) || UUID.test(sid)) && new Set(sid).size >= MIN_DIFFERENT;
}
