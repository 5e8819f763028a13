/** Why a probe has no result if the Content-Security-Policy of the page blocked it in the browser. */
export const BLOCKED_BY_POLICY = 'blocked by the policy of the page';
