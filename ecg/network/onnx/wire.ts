/**
 * Protocol Buffers as they lie in a file, no library needed: a message is a list of fields, each a tag (number and wire type,
 * one variable-length integer) and a value.
 *
 * | wire type | value |
 * |---|---|
 * | 0 | variable-length integer: seven bits a byte, lowest first, the high bit says that more follow |
 * | 1 | 8 bytes |
 * | 2 | length as a variable-length integer, then so many bytes: text, a message, packed numbers |
 * | 5 | 4 bytes |
 *
 * Source: protobuf.dev/programming-guides/encoding.
 */
import { RhythmdError } from '../../errors.ts';

/** Ten groups of seven bits hold 64. */
const LONGEST_INTEGER = 10;

export interface Field {
  readonly number: number;
  /** Of wire type 0; NaN otherwise. Exact up to 2^53, which nothing in a model exceeds. */
  readonly integer: number;
  /** Of all others: a view into the file. */
  readonly bytes: Uint8Array;
}

const NOTHING = new Uint8Array(0);

/** @throws RhythmdError E_MODEL_LOAD when the bytes end within a field or have no such form */
export function* fieldsOf(message: Uint8Array): Generator<Field> {
  let at = 0;
  while (at < message.length) {
    const tag = readInteger(message, at);
    at = tag.end;
    const number = Math.floor(tag.value / 8);
    const wireType = tag.value % 8;
    if (wireType === 0) {
      const { value, end } = readInteger(message, at);
      at = end;
      yield { number, integer: value, bytes: NOTHING };
      continue;
    }
    let length = wireType === 1 ? 8 : 4;
    if (wireType === 2) {
      const read = readInteger(message, at);
      length = read.value;
      at = read.end;
    } else if (wireType !== 1 && wireType !== 5) throw broken(`wire type ${wireType}`);
    if (length < 0 || length > message.length - at) throw broken('a field is longer than the file');
    yield { number, integer: Number.NaN, bytes: message.subarray(at, at + length) };
    at += length;
  }
}

/** Repeated integers: each a field of its own, or many packed into one. */
export function integersOf({ integer, bytes }: Field, into: number[]): void {
  if (!Number.isNaN(integer)) {
    into.push(integer);
    return;
  }
  for (let at = 0; at < bytes.length; ) {
    const { value, end } = readInteger(bytes, at);
    into.push(value);
    at = end;
  }
}

export function textOf({ bytes }: Field): string {
  return new TextDecoder().decode(bytes);
}

function readInteger(bytes: Uint8Array, from: number): { readonly value: number; readonly end: number } {
  let value = 0;
  /** Of the number's complement: negative ones are 64 bits of two's complement, too many for a double. */
  let complement = 0;
  let weight = 1;
  for (let i = 0; i < LONGEST_INTEGER; i++) {
    const byte = bytes[from + i];
    if (byte === undefined) throw broken('it ends within a number');
    const end = from + i + 1;
    if (i === LONGEST_INTEGER - 1) return { value: -complement - 1, end };
    value += (byte & 127) * weight;
    complement += (~byte & 127) * weight;
    weight *= 128;
    if (byte < 128) return { value, end };
  }
  throw broken('a number has no end');
}

function broken(what: string): RhythmdError {
  return new RhythmdError('E_MODEL_LOAD', `model.onnx is no ONNX model: ${what}`, 'Copy the model again');
}
