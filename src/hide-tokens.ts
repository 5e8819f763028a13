const SEGMENT = /([^/])\/([^\s/"\\,;)]{16,})/g;

/**
 * A copy in which the parts of paths and namespaces that look like a token, or like the id of somebody, are `…`: such as a tenant's UUID, a
 * signed path, a room named by a key. Inside the page they stay, because namespaces are told apart by them.
 */
export function hideTokens<T>(told: T): T {
  const marks = new Map<string, string>();
  const json = JSON.stringify(told);
  const hidden = json.replace(SEGMENT, (whole, before: string, segment: string) => {
    if (!isToken(segment)) return whole;
    // Two namespaces stay two.
    const mark = marks.get(segment) ?? `…${marks.size ? marks.size + 1 : ''}`;
    marks.set(segment, mark);
    return `${before}/${mark}`;
  });
  return marks.size ? JSON.parse(hidden) : told;
}

/** Base64 of 16 letters has a digit and both cases nearly always, a UUID or hexadecimal five digits; words of a path have neither. */
function isToken(segment: string): boolean {
  return (/\d/.test(segment) && /[a-z]/.test(segment) && /[A-Z]/.test(segment)) || /(\d\D*){5}/.test(segment);
}
