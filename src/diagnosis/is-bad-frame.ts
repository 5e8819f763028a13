/**
 * The codes in which ws in Node names what is wrong with a frame (lib/receiver.js); but for a length, which is a limit of the client. The
 * client itself ends the connection then: nobody has cut it.
 */
export function isBadFrame(code: string | undefined): boolean {
  return code?.startsWith('WS_ERR') === true && !code.endsWith('_LENGTH');
}
