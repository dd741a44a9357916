/**
 * The one door for requests. MQTT and the WebSocket hand over what they got; here it is bounded, parsed by the
 * request table (protocol/request-table.ts) and given to whoever registered for the verb. A bad request is refused
 * alike on every way in, with the same words.
 */
import { describeError, RhythmdError } from '@rhythmd/ecg/errors.ts';
import { REQUESTS } from '@rhythmd/protocol/request-table.ts';
import {
  MAX_REQUEST_CHARACTERS,
  MAX_TRANSACTION_CHARACTERS,
  REQUEST_VERBS,
  type RequestAnswer,
  type RequestBody,
  type RequestResponse,
  type RequestVerb,
} from '@rhythmd/protocol/requests.ts';
import * as v from 'valibot';

/** Requests being answered at once, from all sides; a further one is told to ask again. */
export const MAX_PENDING = 32;

/** Who asks: for the audit, never for the answer. */
export interface Requester {
  readonly via: 'page' | 'embedded broker' | 'broker' | 'configuration';
  /** A name that was proved by a password; null when none was. */
  readonly user: string | null;
  /** An address, and what else the way in knows. */
  readonly from: string | null;
}

/** What is asked before and told after. */
export interface GatewayRules {
  /** @returns why this may not be asked; null when it may */
  readonly refuse: (verb: RequestVerb, requester: Requester) => RhythmdError | null;
  /** @param outcome `ok`, or the code of the error */
  readonly onAnswered: (verb: RequestVerb, body: unknown, requester: Requester, outcome: string) => void;
}

const NO_RULES: GatewayRules = { refuse: () => null, onAnswered: () => {} };

export type RequestHandlers = {
  readonly [V in RequestVerb]: (
    body: RequestBody<V>,
    requester: Requester,
  ) => RequestAnswer<V> | Promise<RequestAnswer<V>>;
};

type AnyHandler = (body: unknown, requester: Requester) => unknown;

export class RequestGateway {
  readonly #handlers = new Map<string, AnyHandler>();
  readonly #rules: GatewayRules;
  #pending = 0;

  constructor(rules: GatewayRules = NO_RULES) {
    this.#rules = rules;
  }

  /** Parts of the daemon register as they are made; until then their verbs say that the daemon is starting. */
  register(handlers: Partial<RequestHandlers>): void {
    for (const [verb, handler] of Object.entries(handlers)) this.#handlers.set(verb, handler as AnyHandler);
  }

  /**
   * A request whose body still is text (MQTT): the transaction lies in the body. An empty text is an empty body.
   * Never rejects.
   * @param text null: it was too long to be read
   */
  async answerText(verb: string, text: string | null, requester: Requester): Promise<RequestResponse> {
    let body: unknown = {};
    if (text === null) return refusal(null, tooLong());
    if (text.trim() !== '') {
      try {
        body = JSON.parse(text);
      } catch {
        return refusal(
          null,
          new RhythmdError('E_REQUEST_BODY', 'the request is not JSON', 'Send an object such as {}'),
        );
      }
    }
    if (!isObject(body)) return this.answer(verb, body, null, requester);
    const { transaction, ...rest } = body;
    return this.answer(verb, rest, transaction, requester);
  }

  /** Never rejects: a bad request gets an answer that says why. */
  async answer(
    verb: string,
    body: unknown,
    transaction: unknown,
    requester: Requester,
  ): Promise<RequestResponse> {
    const mark = transactionText(transaction);
    if (this.#pending >= MAX_PENDING) {
      return refusal(
        mark,
        new RhythmdError('E_REQUEST_BUSY', `${MAX_PENDING} requests are being answered`, 'Ask again.'),
      );
    }
    this.#pending++;
    try {
      const data = await this.#handle(verb, body, requester);
      return { transaction: mark, status: 'ok', data: data ?? null, error: null };
    } catch (error) {
      return refusal(mark, error);
    } finally {
      this.#pending--;
    }
  }

  async #handle(verb: string, body: unknown, requester: Requester): Promise<unknown> {
    if (!Object.hasOwn(REQUESTS, verb)) {
      throw new RhythmdError(
        'E_REQUEST_VERB',
        `nothing answers "${verb.slice(0, 40)}"`,
        `There are ${REQUEST_VERBS.join(', ')}.`,
      );
    }
    const known = verb as RequestVerb;
    const parsed = parseBody(known, body);
    try {
      const refused = this.#rules.refuse(known, requester);
      if (refused !== null) throw refused;
      const handler = this.#handlers.get(verb);
      if (handler === undefined) {
        throw new RhythmdError('E_STARTING', 'the daemon is still starting', 'Ask again.');
      }
      const data = await handler(parsed, requester);
      this.#rules.onAnswered(known, parsed, requester, 'ok');
      return data;
    } catch (error) {
      const outcome = error instanceof RhythmdError ? error.code : 'E_UNEXPECTED';
      this.#rules.onAnswered(known, parsed, requester, outcome);
      throw error;
    }
  }
}

function parseBody(verb: RequestVerb, body: unknown): unknown {
  if (!isObject(body)) {
    throw new RhythmdError('E_REQUEST_BODY', 'the request is not an object', 'Send an object such as {}');
  }
  if (JSON.stringify(body).length > MAX_REQUEST_CHARACTERS) throw tooLong();
  const result = v.safeParse(REQUESTS[verb].schema, body);
  if (result.success) return result.output;
  const reasons = result.issues.map((issue) => `${v.getDotPath(issue) ?? verb}: ${issue.message}`);
  throw new RhythmdError('E_REQUEST_BODY', reasons.join('; '), 'See docs/protocol.md.');
}

function tooLong(): RhythmdError {
  return new RhythmdError(
    'E_REQUEST_BODY',
    `the request is longer than ${MAX_REQUEST_CHARACTERS} characters`,
    'Send less.',
  );
}

/** A number comes back as text; what is no mark comes back as null. */
function transactionText(transaction: unknown): string | null {
  if (typeof transaction === 'number') return String(transaction);
  if (typeof transaction !== 'string' || transaction.length > MAX_TRANSACTION_CHARACTERS) return null;
  return transaction;
}

/** The answer to a request that was not carried out. */
export function refusal(transaction: unknown, error: unknown): RequestResponse {
  return {
    transaction: transactionText(transaction),
    status: 'error',
    data: null,
    error: errorFields(error),
  };
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

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
