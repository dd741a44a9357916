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
import { crc32 } from 'node:zlib';
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
  /** Whole frames whose checksum is wrong: skipped. */
  readonly damaged: number;
}

/**
 * Hands over the messages of a file in order, from `offset` on. Their payloads are views of `bytes`.
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
  while (start + HEADER_BYTES + FIXED_BODY_BYTES <= bytes.length) {
    const bodyBytes = bytes.readUInt32LE(start);
    const end = start + HEADER_BYTES + bodyBytes;
    if (bodyBytes < FIXED_BODY_BYTES || bodyBytes > MAX_FRAME_BYTES || end > bytes.length) break;
    const body = bytes.subarray(start + HEADER_BYTES, end);
    const topicEnd = FIXED_BODY_BYTES + body.readUInt16LE(16);
    start = end;
    if (crc32(body) !== bytes.readUInt32LE(end - bodyBytes - 4) || topicEnd > bodyBytes) {
      damaged++;
      continue;
    }
    const message = {
      sequence: body.readDoubleLE(0),
      lane,
      topic: body.toString('utf8', FIXED_BODY_BYTES, topicEnd),
      payload: body.subarray(topicEnd),
      tMs: body.readDoubleLE(8),
    };
    if (!onMessage(message, end)) break;
  }
  return { end: start, damaged };
}
