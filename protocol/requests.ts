/** The request table as types: what each verb takes and gives, and the answer's envelope. */
import type { ErrorCode } from '@rhythmd/ecg/error-codes.ts';
import type { benchStateSchema, findingSchema } from './answers.ts';
import type { Value } from './field.ts';
import { REQUESTS } from './request-table.ts';

export type RequestVerb = keyof typeof REQUESTS;
export type RequestBody<V extends RequestVerb = RequestVerb> = Value<(typeof REQUESTS)[V]['schema']>;
export type RequestAnswer<V extends RequestVerb = RequestVerb> = Value<(typeof REQUESTS)[V]['answer']>;

export type Finding = Value<typeof findingSchema>;
export type BenchState = Value<typeof benchStateSchema>;

export const REQUEST_VERBS = Object.keys(REQUESTS) as readonly RequestVerb[];

/** A body with more characters as JSON than this is refused. */
export const MAX_REQUEST_CHARACTERS = 4096;
/** The asker's own mark, sent back with the answer; longer ones come back as null. */
export const MAX_TRANSACTION_CHARACTERS = 64;

/** `.../response/<verb>`: the same on MQTT and on the WebSocket. */
export interface RequestResponse {
  readonly transaction: string | null;
  readonly status: 'ok' | 'error';
  readonly data: unknown;
  readonly error: { readonly code: ErrorCode; readonly message: string } | null;
}
