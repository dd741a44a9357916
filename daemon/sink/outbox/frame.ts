/**
 * One message in an outbox file. Little-endian; the checksum finds what a power cut left half written.
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 4 | n: bytes that follow the checksum |
 * | 4 | 4 | CRC-32 (as in zlib) of those bytes |
 * | 8 | 8 | sequence, float64 |
 * | 16 | 8 | time of the message, Unix milliseconds, float64 |
 * | 24 | 2 | t: bytes of the topic |
 * | 26 | t | topic, UTF-8 |
 * | 26 + t | n - 18 - t | payload |
 */
import { crc32 } from '@rhythmd/ecg/crc32.ts';
import type { Lane, OutboxMessage } from './message.ts';

/** First bytes of every file: the name and version of this layout. */
export const FILE_MAGIC = Buffer.from('RHYOUT1\n');

const HEADER_BYTES = 8;
const FIXED_BODY_BYTES = 18;
/** No message is near it; a longer length is garbage. */
export const MAX_FRAME_BYTES = 1024 * 1024;

export function encodeFrame({ sequence, topic, payload, tMs }: OutboxMessage): Buffer {
  const topicBytes = Buffer.byteLength(topic);
  const bodyBytes = FIXED_BODY_BYTES + topicBytes + payload.length;
  const frame = Buffer.allocUnsafe(HEADER_BYTES + bodyBytes);
  frame.writeUInt32LE(bodyBytes, 0);
  frame.writeDoubleLE(sequence, 8);
  frame.writeDoubleLE(tMs, 16);
  frame.writeUInt16LE(topicBytes, 24);
  frame.write(topic, 26, 'utf8');
  payload.copy(frame, 26 + topicBytes);
  frame.writeUInt32LE(crc32(frame.subarray(HEADER_BYTES)), 4);
  return frame;
}

export interface Scan {
  /** Where the last whole frame ends: what follows was never completed. */
  readonly end: number;
  /** Stretches between whole frames, or whole frames, that cannot be read: skipped. */
  readonly damaged: number;
}

/** A search for the next frame sums no more bytes than this, should garbage look like frames all the way. */
const MAX_SEARCHED_BYTES = 16 * 1024 * 1024;

/**
 * Hands over the messages of a file in order, from `offset` on. Their payloads are views of `bytes`.
 * Where a frame is damaged the next one that is whole is looked for byte by byte: a flipped bit in a length says
 * nothing about what follows it.
 * @param onMessage returns false to stop after this message
 */
export function scanFrames(
  bytes: Buffer,
  offset: number,
  lane: Lane,
  onMessage: (message: OutboxMessage, end: number) => boolean,
): Scan {
  let damaged = 0;
  let start = offset;
  /** Behind the last whole frame there is nothing to look for. */
  let isBehindAll = false;
  for (;;) {
    const end = frameEnd(bytes, start);
    if (end !== null && isWhole(bytes, start, end)) {
      const message = messageAt(bytes.subarray(start + HEADER_BYTES, end), lane);
      start = end;
      if (!onMessage(message, end)) break;
      continue;
    }
    const next: number | null = isBehindAll ? null : nextFrame(bytes, start + 1);
    isBehindAll ||= next === null;
    if (next === null && end === null) break;
    damaged++;
    start = next ?? end!;
  }
  return { end: start, damaged };
}

/** Where the frame at `start` says it ends; null when that cannot be, or is beyond the file. */
function frameEnd(bytes: Buffer, start: number): number | null {
  if (start + HEADER_BYTES + FIXED_BODY_BYTES > bytes.length) return null;
  const bodyBytes = bytes.readUInt32LE(start);
  const end = start + HEADER_BYTES + bodyBytes;
  return bodyBytes < FIXED_BODY_BYTES || bodyBytes > MAX_FRAME_BYTES || end > bytes.length ? null : end;
}

/** Cheap questions first: a checksum over a megabyte at every byte of a file would take minutes. */
function isWhole(bytes: Buffer, start: number, end: number): boolean {
  const body = start + HEADER_BYTES;
  const sequence = bytes.readDoubleLE(body);
  if (!Number.isSafeInteger(sequence) || sequence < 0) return false;
  if (body + FIXED_BODY_BYTES + bytes.readUInt16LE(body + 16) > end) return false;
  return crc32(bytes.subarray(body, end)) === bytes.readUInt32LE(start + 4);
}

function nextFrame(bytes: Buffer, from: number): number | null {
  let searchedBytes = 0;
  for (let start = from; start + HEADER_BYTES + FIXED_BODY_BYTES <= bytes.length; start++) {
    const end = frameEnd(bytes, start);
    if (end === null) continue;
    if (isWhole(bytes, start, end)) return start;
    searchedBytes += end - start;
    if (searchedBytes > MAX_SEARCHED_BYTES) return null;
  }
  return null;
}

function messageAt(body: Buffer, lane: Lane): OutboxMessage {
  const topicEnd = FIXED_BODY_BYTES + body.readUInt16LE(16);
  return {
    sequence: body.readDoubleLE(0),
    lane,
    topic: body.toString('utf8', FIXED_BODY_BYTES, topicEnd),
    payload: body.subarray(topicEnd),
    tMs: body.readDoubleLE(8),
  };
}
