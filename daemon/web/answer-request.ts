/** A page's request as text in, the answer as text out; never rejects. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { RequestBody, RequestHandler } from '@rhythmd/protocol/requests.ts';
import type { RequestMessage, ResponseMessage } from '@rhythmd/protocol/stream-messages.ts';

export async function answerRequest(text: string, handler: RequestHandler | null): Promise<string> {
  const message = parseRequest(text);
  const answer: { -readonly [K in keyof ResponseMessage]: ResponseMessage[K] } = {
    response: message?.request ?? '',
    transaction: message?.transaction ?? null,
    status: 'error',
    data: null,
    error: null,
  };
  try {
    if (!message) throw new RhythmdError('E_REQUEST_BODY', 'not a {request, transaction, data} message');
    if (!handler)
      throw new RhythmdError('E_REQUEST_REFUSED', 'requests are not answered now', 'Wait a minute');
    answer.data = (await handler(message.request, message.data)) ?? null;
    answer.status = 'ok';
  } catch (error) {
    answer.error =
      error instanceof RhythmdError
        ? { code: error.code, message: error.fix === '' ? error.message : `${error.message}. ${error.fix}` }
        : { code: 'E_UNEXPECTED', message: error instanceof Error ? error.message : String(error) };
  }
  return JSON.stringify(answer);
}

function parseRequest(text: string): RequestMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(value)) return null;
  const { request, transaction, data = {} } = value;
  if (typeof request !== 'string' || typeof transaction !== 'string' || !isObject(data)) return null;
  return { request, transaction, data: data as RequestBody };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
