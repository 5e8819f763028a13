/** Something the operator can fix: its message is one line that is printed as it is, without a stack. */
export class CollectorError extends Error {
  override readonly name = 'CollectorError';
}
