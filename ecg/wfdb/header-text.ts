/**
 * The bytes of a header as text, and back unchanged. The format is ASCII; comments and units are whatever the writer's
 * computer used: UTF-8 today, Latin-1 before. What is not UTF-8 is taken byte by byte, so nothing is lost.
 */
export type TextEncoding = 'utf8' | 'latin1';

export function decodeText(bytes: Uint8Array): { readonly text: string; readonly encoding: TextEncoding } {
  try {
    // Without a byte order mark; `fatal` refuses what is not UTF-8.
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'utf8' };
  } catch {
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    return { text, encoding: 'latin1' };
  }
}

export function encodeText(text: string, encoding: TextEncoding): Uint8Array<ArrayBuffer> {
  if (encoding === 'utf8' || /[^\0-\xff]/.test(text)) return new TextEncoder().encode(text);
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
