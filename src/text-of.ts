/** The words of whatever was thrown. */
export function textOf(error: unknown): string {
  try {
    return String(error);
  } catch {
    return 'a value that cannot be printed';
  }
}
