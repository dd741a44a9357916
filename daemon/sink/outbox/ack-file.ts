/**
 * How far the broker has acknowledged, on disk: two places of 16 bytes written in turn, so that a power cut
 * leaves one of them whole. Never synced by itself: an old position only sends some messages twice.
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 8 | sequence, float64 little-endian |
 * | 8 | 4 | CRC-32 of the first eight bytes |
 * | 12 | 4 | zero |
 */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from '@rhythmd/ecg/crc32.ts';
import { FILE_MODE } from '@rhythmd/shell/permissions.ts';
import { sizeOrMakeRoom } from '@rhythmd/shell/regular-file.ts';

const PLACE_BYTES = 16;

export class AckFile {
  readonly #path: string;
  #file: FileHandle | null = null;
  #place = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Again when the folder was taken away. @returns the last position written; 0 when there is none */
  async open(): Promise<number> {
    await sizeOrMakeRoom(this.#path);
    const file = await open(this.#path, constants.O_RDWR | constants.O_CREAT, FILE_MODE);
    await this.#file?.close();
    this.#file = file;
    const bytes = Buffer.alloc(2 * PLACE_BYTES);
    await file.read(bytes, 0, bytes.length, 0);
    const positions = [0, 1].map((place) => readPlace(bytes.subarray(place * PLACE_BYTES)));
    const latest = Math.max(...positions);
    // The other one is overwritten next.
    this.#place = positions[0] === latest ? 1 : 0;
    return latest;
  }

  async write(sequence: number): Promise<void> {
    const bytes = Buffer.alloc(PLACE_BYTES);
    bytes.writeDoubleLE(sequence, 0);
    bytes.writeUInt32LE(crc32(bytes.subarray(0, 8)), 8);
    const place = this.#place;
    this.#place = 1 - place;
    await this.#file?.write(bytes, 0, PLACE_BYTES, place * PLACE_BYTES);
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = null;
  }
}

function readPlace(bytes: Buffer): number {
  const valid = crc32(bytes.subarray(0, 8)) === bytes.readUInt32LE(8);
  const sequence = bytes.readDoubleLE(0);
  return valid && Number.isSafeInteger(sequence) ? sequence : 0;
}
