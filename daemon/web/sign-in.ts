/** Signing in: the token in a form, once, for a cookie. Guessing is slow: a few attempts a minute an address. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Access } from './access.ts';
import { Attempts } from './attempts.ts';
import { MAX_BODY_BYTES, MAX_FAILED_TOKENS_PER_MINUTE } from './options.ts';
import { problem, respond } from './respond.ts';

export class SignIn {
  readonly #access: Access;
  readonly #failures = new Attempts(MAX_FAILED_TOKENS_PER_MINUTE);

  constructor(access: Access) {
    this.#access = access;
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const address = request.socket.remoteAddress ?? '';
    if (this.#failures.exhausted(address)) {
      respond(response, problem(429, 'E_WEB_ATTEMPTS', 'too many wrong tokens', 'Wait a minute'));
      return;
    }
    const body = await readBody(request);
    if (body === null) {
      respond(response, problem(413, 'E_WEB_BODY', `more than ${MAX_BODY_BYTES} bytes`));
      request.destroy();
      return;
    }
    const token = new URLSearchParams(body).get('token')?.trim() ?? '';
    if (!this.#access.isToken(token)) {
      this.#failures.add(address);
      response.writeHead(303, { location: '/sign-in#wrong', 'cache-control': 'no-store' }).end();
      return;
    }
    response.writeHead(303, {
      location: '/',
      'set-cookie': this.#access.sessionCookie(),
      'cache-control': 'no-store',
    });
    response.end();
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
