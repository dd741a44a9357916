/** How the contract is written: valibot schemas whose fields say in words what they hold, and in which unit. */
import * as v from 'valibot';

export interface FieldFacts {
  /** A sentence for whoever reads or writes the field. */
  readonly says: string;
  /** UCUM-like: ms, s, bpm, mV, uV, Hz; absent where there is none. */
  readonly unit?: string;
}

/** The schema with what its value means; docs/protocol.md prints it. */
export function field<S extends v.GenericSchema>(schema: S, says: string, unit?: string) {
  return v.pipe(schema, v.metadata(unit === undefined ? { says } : { says, unit }));
}

/** What a field's schema says of itself; null for a schema that was not made by `field`. */
export function factsOf(schema: v.GenericSchema): FieldFacts | null {
  const facts = v.getMetadata(schema as Parameters<typeof v.getMetadata>[0]);
  return typeof facts.says === 'string' ? (facts as unknown as FieldFacts) : null;
}

/** Nobody who reads a message may change it: the type of a schema's value, read-only all the way down. */
export type Frozen<T> = T extends (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;

export type Value<S extends v.GenericSchema> = Frozen<v.InferOutput<S>>;

const WALL_TIME = 'ms';

/** Unix milliseconds. */
export const wallTime = (says: string) => field(v.number(), says, WALL_TIME);
/** A position of the stream at the pipeline's rate (360 Hz). */
export const streamSample = (says: string) => field(v.number(), says, 'samples');
/** The version of the payload: it changes when a field is taken away or means something else. */
export const version = field(v.literal(1), 'the version of this payload');
/** A number, or null where it is not known: never zero. */
export const known = (says: string, unit?: string) => field(v.nullable(v.number()), says, unit);
