/** Platforms that run a function per request: they hold no session between requests, and few hold a connection. */
export type Hosting =
  | 'vercel'
  | 'netlify'
  | 'aws-lambda'
  | 'cloudflare-workers'
  | 'google-cloud-functions'
  | 'firebase-hosting';

/**
 * Header names that only these platforms set. A CDN by the same company does not count: `cf-ray` and `x-amz-cf-id` are set in front of
 * ordinary servers, too.
 */
const HEADERS: readonly (readonly [string, Hosting])[] = [
  ['x-vercel-id', 'vercel'],
  ['x-nf-request-id', 'netlify'],
  ['x-amz-apigw-id', 'aws-lambda'],
  ['apigw-requestid', 'aws-lambda'],
  ['x-amz-executed-version', 'aws-lambda'],
  ['function-execution-id', 'google-cloud-functions'],
];

/** The platform that signed a response, by headers that can be read. */
export function knownHosting(headers: readonly string[]): Hosting | undefined {
  return HEADERS.find(([name]) => headers.includes(name))?.[1];
}
