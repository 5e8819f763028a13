/** A name on one line that Markdown shows as it is, and that mentions nobody with an `@`. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>@#|]/g, '\\$&');
}
