/** A page's request `{request, transaction, data}` as text in, the answer as text out. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { RequestResponse } from '@rhythmd/protocol/requests.ts';
import type { ResponseMessage } from '@rhythmd/protocol/stream-messages.ts';
import { type Requester, type RequestGateway, refusal } from '../requests/gateway.ts';

/** A longer message is not read: no request is near it. The same bound holds for MQTT. */
const MAX_MESSAGE_CHARACTERS = 16 * 1024;

/**
 * Never rejects.
 * @param gateway null: requests are not answered here
 */
export async function answerMessage(
  text: string,
  gateway: RequestGateway | null,
  requester: Requester,
): Promise<string> {
  const message = text.length > MAX_MESSAGE_CHARACTERS ? null : readMessage(text);
  const response: ResponseMessage = {
    response: message?.request ?? '',
    ...(await answerTo(text, message, gateway, requester)),
  };
  return JSON.stringify(response);
}

interface Message {
  readonly request: string;
  readonly transaction: unknown;
  readonly data: unknown;
}

function answerTo(
  text: string,
  message: Message | null,
  gateway: RequestGateway | null,
  requester: Requester,
): RequestResponse | Promise<RequestResponse> {
  if (gateway === null) {
    return refusal(
      message?.transaction,
      new RhythmdError('E_REQUEST_REFUSED', 'requests are not answered here'),
    );
  }
  if (message !== null) return gateway.answer(message.request, message.data, message.transaction, requester);
  if (text.length > MAX_MESSAGE_CHARACTERS) return gateway.answerText('', null, requester);
  return refusal(
    null,
    new RhythmdError('E_REQUEST_BODY', 'not a {request, transaction, data} message', 'See docs/protocol.md.'),
  );
}

function readMessage(text: string): Message | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || !('request' in value)) return null;
  const { request, transaction = null, data = {} } = value as Record<string, unknown>;
  return typeof request === 'string' ? { request, transaction, data } : null;
}
