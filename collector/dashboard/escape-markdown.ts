/** A name on one line that Markdown shows as it is, and that calls nobody by an `@`. */
export function escapeMarkdown(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>@#|]/g, '\\$&');
}
