import { evidence } from '../diagnosis/evidence.js';
import type { Rule } from '../diagnosis/rule.js';
import type { Text } from '../diagnosis/text.js';
import { unclassified } from '../diagnosis/unclassified.js';

/** The diagnosis when something failed and no known cause applies. */
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
    'Something failed, and what was observed fits none of the known causes. The recorded timeline is attached, in the same format as the recordings that the rules are tested on.',
  remedy: () =>
    "Read the evidence and the timeline, then check the browser's network panel and the server log. You can help by sending the support bundle (`socket.diagnostics.report()`) to the project: it contains no payloads, tokens or headers.",
  snippet: () => 'console.log(socket.diagnostics.report().markdown);',
  see: [
    { title: 'Troubleshooting connection issues', url: 'https://socket.io/docs/v4/troubleshooting-connection-issues/' },
    { title: 'Logging and debugging', url: 'https://socket.io/docs/v4/logging-and-debugging/' },
  ],
};
