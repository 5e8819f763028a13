/**
 * Names of platforms that lead to this machine in Chromium and Firefox, each by a switch of its own; WebKit asks the system. Most such
 * names are on the list of those that browsers only call with TLS (HSTS preload); these are not.
 */
export const localNames = {
  apiGateway: 'a1b2c3.execute-api.eu-central-1.amazonaws.com',
  cloudFunctions: 'europe-west1-demo.cloudfunctions.net',
} as const;
