/** Signing in: the token in a form, once, for a cookie. Guessing is slow: a few attempts a minute an address. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Access } from './access.ts';
import type { Caller } from './caller.ts';
import { MAX_BODY_BYTES } from './options.ts';
import { problem, respond } from './respond.ts';

export class SignIn {
  readonly #access: Access;

  constructor(access: Access) {
    this.#access = access;
  }

  /** Where to go is said relative to where we are: a proxy may serve us below a path of its own. */
  async answer(request: IncomingMessage, response: ServerResponse, caller: Caller): Promise<void> {
    const body = await readBody(request);
    if (body === null) {
      respond(response, problem(413, 'E_WEB_BODY', `more than ${MAX_BODY_BYTES} bytes`));
      request.destroy();
      return;
    }
    const token = new URLSearchParams(body).get('token')?.trim() ?? '';
    const refusal = this.#access.refuseSignIn(token, caller);
    if (refusal !== null && refusal.status !== 401) {
      const code = refusal.status === 429 ? 'E_WEB_ATTEMPTS' : 'E_WEB_ACCESS';
      respond(response, problem(refusal.status, code, refusal.reason, refusal.fix));
    } else if (refusal !== null) {
      response.writeHead(303, { location: 'sign-in#wrong', 'cache-control': 'no-store' }).end();
    } else {
      response.writeHead(303, {
        location: './',
        'set-cookie': this.#access.sessionCookie(caller.secure),
        'cache-control': 'no-store',
      });
      response.end();
    }
  }
}

/** @returns null when the body is larger than allowed. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
