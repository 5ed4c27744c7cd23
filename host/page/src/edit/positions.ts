/** The server counts bytes of UTF-8, an editor counts code units of UTF-16. */

/** For each byte offset in `text`, the offset of the character that has this byte; `text.length` past the end. */
export function utf16Offsets(text: string, bytes: readonly number[]): number[] {
  const order = bytes.map((_, index) => index).sort((a, b) => bytes[a]! - bytes[b]!);
  const offsets = new Array<number>(bytes.length).fill(text.length);
  let byte = 0;
  let unit = 0;
  for (const index of order) {
    const wanted = bytes[index]!;
    while (unit < text.length) {
      const code = text.codePointAt(unit)!;
      const length = utf8Length(code);
      if (byte + length > wanted) break;
      byte += length;
      unit += code > 0xffff ? 2 : 1;
    }
    offsets[index] = unit;
  }
  return offsets;
}

/** A lone surrogate is sent as U+FFFD, which has three bytes too. */
function utf8Length(code: number): number {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code > 0xffff ? 4 : 3;
}
