const SEGMENT = /([^/])\/([^\s/"\\,;)]{16,})/g;

/**
 * A copy in which parts of paths and namespaces that look like a token, or like somebody's id, are replaced by `…`: a tenant's UUID, a
 * signed path, a room named by a key. Inside the page they stay, because they distinguish namespaces.
 */
export function hideTokens<T>(told: T): T {
  const marks = new Map<string, string>();
  const json = JSON.stringify(told);
  const hidden = json.replace(SEGMENT, (whole, before: string, segment: string) => {
    if (!isToken(segment)) return whole;
    // Two namespaces remain distinct.
    const mark = marks.get(segment) ?? `…${marks.size ? marks.size + 1 : ''}`;
    marks.set(segment, mark);
    return `${before}/${mark}`;
  });
  return marks.size ? JSON.parse(hidden) : told;
}

/**
 * 16 characters of Base64 nearly always have a digit and both cases, and a UUID or hexadecimal has five digits; words in a path have
 * neither.
 */
function isToken(segment: string): boolean {
  return (/\d/.test(segment) && /[a-z]/.test(segment) && /[A-Z]/.test(segment)) || /(\d\D*){5}/.test(segment);
}
