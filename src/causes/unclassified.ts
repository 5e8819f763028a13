import { evidence } from '../diagnosis/evidence.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';
import { unclassified } from '../diagnosis/unclassified.js';

/** The answer when something failed and no cause of the catalogue holds. */
export const rule: Rule<'unclassified', { readonly phase: string }> = {
  ...unclassified,
  match(facts) {
    if (facts.about.aspect) return undefined;
    const failure =
      facts.connecting?.signal ??
      facts.closing?.signal ??
      facts.refusal ??
      facts.upgrading ??
      facts.unanswered?.signal ??
      facts.during('disconnected')[0];
    if (!failure) return undefined;
    return {
      certainty: 'suspected',
      details: { phase: facts.about.phase },
      evidence: [evidence('Something failed in a way that no known cause explains.', failure)],
    };
  },
};

export const text: Text = {
  summary:
    'Something failed, and what was seen fits none of the known causes. The recorded timeline comes with it, in the same shape as the recordings that the catalogue is tested on.',
  remedy: () =>
    'Read the evidence and the timeline, look at the network panel of the browser and at the log of the server. Sending the support bundle (`socket.diagnostics.report()`) to the project helps the next one: it holds no payloads, tokens or headers.',
  snippet: () => 'console.log(socket.diagnostics.report().markdown);',
  see: [
    { title: 'Troubleshooting connection issues', url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/' },
    { title: 'Logging and debugging', url: 'https://socket.io/docs/v4/logging-and-debugging/' },
  ],
};
