/**
 * From a request's bytes to its response: parsed, bounded, checked, handed to the daemon's one handler.
 * MQTT and the WebSocket answer through here, so a bad request is refused alike on both.
 */
import { describeError, RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { RequestBody, RequestHandler, RequestResponse } from '@rhythmd/protocol/requests.ts';
import * as v from 'valibot';

/** Longer requests are refused unread. */
export const MAX_REQUEST_BYTES = 4096;
const MAX_TRANSACTION_CHARACTERS = 64;

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
const sample = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const lead = v.pipe(v.string(), v.maxLength(40));

/** What each request may hold. Verbs without an entry are checked by whoever answers them. */
const BODIES: Readonly<Record<string, v.GenericSchema<unknown, RequestBody>>> = {
  mark: v.object({ text: v.optional(v.pipe(v.string(), v.maxLength(200))), sample: v.optional(sample) }),
  silence: v.object({
    id: v.optional(id),
    seconds: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(3600))),
  }),
  acknowledge: v.object({ id }),
  strip: v.object({
    sample: v.optional(sample),
    t_ms: v.optional(v.number()),
    seconds: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(60))),
    lead: v.optional(lead),
  }),
  calibrate: v.object({ lead: v.optional(lead) }),
};

/** Never rejects: a bad request gets an answer that says why. An empty payload is an empty request. */
export async function answerRequest(
  handler: RequestHandler,
  verb: string,
  payload: string,
): Promise<RequestResponse> {
  let transaction: string | null = null;
  try {
    const body = readBody(payload);
    transaction = transactionOf(body);
    const data = await handler(verb, checkedBody(verb, body));
    return { transaction, status: 'ok', data: data ?? null, error: null };
  } catch (error) {
    return { transaction, status: 'error', data: null, error: errorFields(error) };
  }
}

function readBody(payload: string): RequestBody {
  if (payload.length > MAX_REQUEST_BYTES) {
    throw new RhythmdError('E_REQUEST_BODY', `the request is longer than ${MAX_REQUEST_BYTES} bytes`);
  }
  if (payload.trim() === '') return {};
  let body: unknown;
  try {
    body = JSON.parse(payload);
  } catch {
    throw new RhythmdError('E_REQUEST_BODY', 'the request is not JSON', 'Send an object such as {}');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new RhythmdError('E_REQUEST_BODY', 'the request is not an object', 'Send an object such as {}');
  }
  return body as RequestBody;
}

/** The caller's own mark, returned with the answer; a number comes back as text. */
function transactionOf(body: RequestBody): string | null {
  const { transaction } = body;
  if (typeof transaction === 'number') return String(transaction);
  if (typeof transaction !== 'string' || transaction.length > MAX_TRANSACTION_CHARACTERS) return null;
  return transaction;
}

function checkedBody(verb: string, body: RequestBody): RequestBody {
  const schema = Object.hasOwn(BODIES, verb) ? BODIES[verb] : undefined;
  if (schema === undefined) return body;
  const result = v.safeParse(schema, body);
  if (result.success) return result.output;
  const reasons = result.issues.map((issue) => `${v.getDotPath(issue) ?? verb}: ${issue.message}`);
  throw new RhythmdError('E_REQUEST_BODY', reasons.join('; '));
}

function errorFields(error: unknown): NonNullable<RequestResponse['error']> {
  if (error instanceof RhythmdError) {
    return {
      code: error.code,
      message: error.fix === '' ? error.message : `${error.message}. ${error.fix}`,
    };
  }
  // A stack is for the log, not for whoever asked.
  return { code: 'E_UNEXPECTED', message: describeError(error).split('\n')[0] ?? '' };
}
