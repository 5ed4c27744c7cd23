/** Names and numbers inside a sentence, whose direction is not that of the sentence. */

export function isolated<T extends string | null>(name: T): T {
  return (name === null ? null : `\u2068${name}\u2069`) as T;
}

/** From left to right, as the names of files and numbers are written. */
export function leftToRight(text: string): string {
  return `\u2066${text}\u2069`;
}
