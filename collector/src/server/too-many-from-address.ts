import { RequestError } from '../ingest/request-error.js';

/** Too many requests of one address, behind which there may be many senders; as opposed to those of one key, or to a disk that is slow. */
export class TooManyFromAddress extends RequestError {
  constructor(message: string, retryAfterS: number) {
    super(429, message, retryAfterS);
  }
}
