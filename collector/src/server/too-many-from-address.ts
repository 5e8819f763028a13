import { RequestError } from '../ingest/request-error.js';

/** Too many requests from one address, behind which there may be many senders; as opposed to those with one key, or to a slow disk. */
export class TooManyFromAddress extends RequestError {
  constructor(message: string, retryAfterS: number) {
    super(429, message, retryAfterS);
  }
}
