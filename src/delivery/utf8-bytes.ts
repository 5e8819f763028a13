/** How many bytes a JSON text takes in UTF-8, without encoding it. */
export function utf8Bytes(json: string): number {
  let bytes = json.length;
  for (let index = 0; index < json.length; index++) {
    const unit = json.charCodeAt(index);
    // The two halves of a surrogate pair make four bytes together; JSON.stringify escapes lone ones.
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit & 0xf800) !== 0xd800 ? 2 : 1;
  }
  return bytes;
}
