/**
 * Puts a gate (packet-gate.ts) before whoever reads a client's socket: small pieces, and none for a while when the
 * client has said more than its share. What is not read fills the client's own buffers, which is where it belongs.
 */
import type { Socket } from 'node:net';
import { contained } from '../../net/contained.ts';
import { PacketGate } from './packet-gate.ts';

/** Publications a second; a dashboard sends a few a minute. */
const RATE_PER_S = 500;
/** What may come at once: a client that comes back and acknowledges or subscribes a lot. */
const BURST = 2000;
/** Read at once: at most two thousand packets of two bytes, a few milliseconds of parsing. */
const PIECE_BYTES = 4096;

/** @param onRefused is told why, once, when the connection is ended for what it said */
export function paceSocket(
  socket: Socket,
  onRefused: (reason: string) => void,
  now: () => number = () => performance.now(),
): void {
  const gate = new PacketGate();
  const read = socket.read.bind(socket);
  let tokens = BURST;
  let filledMs = now();
  let waking: NodeJS.Timeout | null = null;
  // aedes reads on from within the parsing of what it has read: a second piece then would be mixed into the first.
  let isResting = false;
  const announce = contained(
    () => socket.destroy(),
    () => {
      isResting = false;
      waking = null;
      // Also with nothing left: the end of the stream is noticed by reading.
      if (!socket.destroyed) socket.emit('readable');
    },
  );
  socket.once('close', () => {
    if (waking) clearTimeout(waking);
  });
  socket.read = (size?: number | null) => {
    if (isResting || waking) return null;
    const nowMs = now();
    tokens = Math.min(BURST, tokens + ((nowMs - filledMs) / 1000) * RATE_PER_S);
    filledMs = nowMs;
    if (tokens <= 0) {
      waking = setTimeout(announce, (1 - tokens) * (1000 / RATE_PER_S));
      return null;
    }
    const waiting = Math.min(socket.readableLength, PIECE_BYTES);
    const chunk = read(size ?? (waiting > 0 ? waiting : undefined));
    if (chunk === null) return null;
    const verdict = gate.inspect(chunk);
    if (typeof verdict === 'string') {
      onRefused(verdict);
      socket.destroy();
      return null;
    }
    tokens -= verdict;
    isResting = true;
    setImmediate(announce);
    return chunk;
  };
}
