/** A gateway in which one function answers every verb of the table. */
import { RequestGateway, type RequestHandlers } from '@rhythmd/daemon/requests/gateway.ts';
import { REQUEST_VERBS } from '@rhythmd/protocol/requests.ts';

export function gatewayOf(answer: (verb: string, body: unknown) => unknown): RequestGateway {
  const gateway = new RequestGateway();
  const handlers = REQUEST_VERBS.map((verb) => [verb, (body: unknown) => answer(verb, body)]);
  gateway.register(Object.fromEntries(handlers) as RequestHandlers);
  return gateway;
}

/** One request from a page. @returns its data; rejects with the answer's error */
export async function ask(gateway: RequestGateway, verb: string, body: object = {}): Promise<unknown> {
  const response = await gateway.answer(verb, body, null, { via: 'page', user: null, from: null });
  if (response.error !== null) throw Object.assign(new Error(response.error.message), response.error);
  return response.data;
}
