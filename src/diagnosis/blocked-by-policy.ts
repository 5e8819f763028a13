/** Why a question has no answer when the Content-Security-Policy of the page kept it in the browser. */
export const BLOCKED_BY_POLICY = 'blocked by the policy of the page';
