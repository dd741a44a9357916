/** `bed-[01-12]` -> bed-01 to bed-12: a ward is a line of its file. */

/** @returns the text alone where it has no range; null for one that falls, or has more than `most` members */
export function expandRange(text: string, most: number): string[] | null {
  const found = /^(.*?)\[(\d{1,5})-(\d{1,5})\](.*)$/s.exec(text);
  if (found === null) return [text];
  const [, before = '', from = '', to = '', after = ''] = found;
  const count = Number(to) - Number(from) + 1;
  if (count < 1 || count > most) return null;
  return Array.from(
    { length: count },
    (_, index) => `${before}${String(Number(from) + index).padStart(from.length, '0')}${after}`,
  );
}
