/** Intel HEX, the part of it that AVR images use: data and end records below 64 KiB. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';

/**
 * @param size bytes of program memory; what the image leaves out is erased flash (0xFF)
 * @throws E_FIRMWARE_HEX naming the line
 */
export function parseIntelHex(text: string, size: number): Uint8Array {
  const memory = new Uint8Array(size).fill(0xff);
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  for (const [index, line] of lines.entries()) {
    const refuse = (why: string) => new RhythmdError('E_FIRMWARE_HEX', `line ${index + 1}: ${why}`);
    if (!/^:([0-9A-Fa-f]{2}){5,}$/.test(line)) throw refuse('no Intel HEX record');
    const bytes = Uint8Array.from(line.slice(1).match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    const count = bytes[0]!;
    const address = (bytes[1]! << 8) | bytes[2]!;
    if (bytes.length !== count + 5) throw refuse('its length is not what it says');
    if ((bytes.reduce((sum, byte) => sum + byte, 0) & 0xff) !== 0) throw refuse('wrong checksum');
    if (bytes[3] === 1) return memory;
    if (bytes[3] !== 0) throw refuse(`record type ${bytes[3]}`);
    if (address + count > size) throw refuse('beyond the end of program memory');
    memory.set(bytes.subarray(4, 4 + count), address);
  }
  throw new RhythmdError('E_FIRMWARE_HEX', 'the end record is missing: the file is cut off');
}
