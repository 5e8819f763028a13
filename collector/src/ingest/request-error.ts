/** A request that is rejected as a whole; the message goes to the sender. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly statusCode: number;
  /** For `Retry-After`: the sender keeps its records and retries. */
  readonly retryAfterS: number | undefined;

  constructor(statusCode: number, message: string, retryAfterS?: number) {
    super(message);
    this.statusCode = statusCode;
    this.retryAfterS = retryAfterS;
  }
}
