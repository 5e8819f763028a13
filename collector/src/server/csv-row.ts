type Cell = string | number | boolean | null | undefined;

/**
 * One line of CSV (RFC 4180). A text that a spreadsheet would treat as a formula gets an apostrophe in front: records come from anybody who
 * knows the URL.
 */
export function csvRow(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(value: Cell): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  // Spreadsheets trim: a formula may hide behind whitespace, and some accept full-width signs as well.
  const text = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
