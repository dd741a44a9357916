/** What tests of boards share: streams cut into chunks, and everything a decoder said about them. */
import type { BoardDecoder } from '@rhythmd/ecg/boards/board.ts';
import type { Samples, StreamDescription } from '@rhythmd/ecg/types.ts';

export interface Stretch {
  readonly first: number;
  readonly lost: number;
  readonly flags: number;
  readonly rateHz: number;
  readonly leads: readonly number[][];
}

export interface Decoded {
  readonly stretches: Stretch[];
  readonly descriptions: StreamDescription[];
}

/** Pushes the chunks in order, as a port would deliver them. */
export function decodeAll(
  decoder: BoardDecoder,
  chunks: Iterable<Uint8Array>,
  arrivalMs: (chunk: number) => number = () => 0,
): Decoded {
  const stretches: Stretch[] = [];
  const descriptions: StreamDescription[] = [];
  let index = 0;
  for (const chunk of chunks) {
    decoder.push(
      chunk,
      arrivalMs(index++),
      (samples) => stretches.push(copyOf(samples)),
      (description) => descriptions.push(description),
    );
  }
  return { stretches, descriptions };
}

function copyOf(samples: Samples): Stretch {
  const leads = samples.leads.map((lead) => Array.from(lead.subarray(0, samples.count)));
  return { first: samples.first, lost: samples.lost, flags: samples.flags, rateHz: samples.rateHz, leads };
}

/** One lead of everything decoded, end to end. */
export function leadOf(decoded: Decoded, lead: number): number[] {
  return decoded.stretches.flatMap((stretch) => stretch.leads[lead] ?? []);
}

/** Cuts at the given positions (any order, out of range ignored). */
export function cut(bytes: Uint8Array, positions: readonly number[]): Uint8Array[] {
  const edges = [
    0,
    ...positions.filter((p) => p > 0 && p < bytes.length).sort((a, b) => a - b),
    bytes.length,
  ];
  return edges.slice(1).map((edge, i) => bytes.subarray(edges[i]!, edge));
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** `AA 00 FF` as bytes; white space is ignored. */
export function hex(text: string): Uint8Array {
  return Uint8Array.from(text.replace(/\s+/g, '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Samples in millivolts for an encoder. */
export function samplesOf(
  leads: readonly (readonly number[])[],
  rateHz: number,
  first = 0,
  flags = 0,
): Samples {
  const arrays = leads.map((lead) => Float32Array.from(lead));
  return { first, rateHz, leads: arrays, count: arrays[0]?.length ?? 0, flags, lost: 0 };
}
