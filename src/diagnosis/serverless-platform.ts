import type { Hosting } from '../signals/known-hosting.js';
import type { Facts } from './facts.js';

/** Names under which these platforms serve apps without a domain of their own. */
const SUFFIXES: readonly (readonly [RegExp, Hosting])[] = [
  [/\.vercel\.app$/, 'vercel'],
  [/\.netlify\.app$/, 'netlify'],
  [/\.lambda-url\.[\w-]+\.on\.aws$|\.execute-api\.[\w-]+\.amazonaws\.com(\.cn)?$/, 'aws-lambda'],
  [/\.workers\.dev$|\.pages\.dev$/, 'cloudflare-workers'],
  [/\.cloudfunctions\.net$/, 'google-cloud-functions'],
  [/\.web\.app$|\.firebaseapp\.com$/, 'firebase-hosting'],
];

/** The serverless platform on which this server seems to run, by its name or by headers of a response. */
export function serverlessPlatform(facts: Facts): Hosting | undefined {
  const byName = SUFFIXES.find(([suffix]) => suffix.test(facts.target.host))?.[1];
  if (byName) return byName;
  const failed = [...facts.all('engine-failed'), ...facts.all('connect-error'), ...facts.all('engine-closed')];
  const told = [...failed.map(({ error }) => error?.hosting), ...facts.all('probe').map(({ http }) => http?.hosting)];
  return told.find((hosting) => hosting !== undefined);
}
