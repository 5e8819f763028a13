import { type Judge, judge } from './judge.js';
import { probingBrowser } from './runtime/probing-browser.js';

/** The judge, with the probes that browsers can run. */
export const judgeInBrowser: Judge = {
  ...judge,
  createProber: (context) => judge.createProber({ ...context, runtime: probingBrowser(context.runtime) }),
};
