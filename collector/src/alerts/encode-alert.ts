import type { AlertMessage } from './alert-message.js';

/** `json`: the message itself, whose `text` Slack shows. `teams`: a card, the only thing that Microsoft Teams Workflows accept. */
export type AlertFormat = 'json' | 'teams';

export const ALERT_FORMATS: readonly AlertFormat[] = ['json', 'teams'];

/** The body of a POST. */
export function encodeAlert(message: AlertMessage, format: AlertFormat): string {
  return JSON.stringify(format === 'json' ? message : teamsCard(message));
}

function teamsCard({ id, status, text, url }: AlertMessage): object {
  return {
    type: 'message',
    id,
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          type: 'AdaptiveCard',
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          version: '1.4',
          body: [{ type: 'TextBlock', text: unescaped(text), wrap: true, color: COLORS[status] }],
          ...(url !== undefined && { actions: [{ type: 'Action.OpenUrl', title: 'Dashboard', url }] }),
        },
      },
    ],
  };
}

const COLORS: Readonly<Record<AlertMessage['status'], string>> = {
  firing: 'attention',
  'first-seen': 'warning',
  resolved: 'good',
};

/** A card shows Markdown, in which nothing is escaped that way; the names in it contain no Markdown characters. */
function unescaped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
