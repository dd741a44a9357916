/** `request/<verb>` -> `response/<verb>`: takes requests from any broker and answers where they came from. */

import type { RequestHandler } from '@rhythmd/protocol/requests.ts';
import type { Topics } from '@rhythmd/protocol/topics.ts';
import type { Logger } from '../../log/logger.ts';
import { answerRequest } from '../../requests/answer-request.ts';
import type { Answer, IncomingMessage } from './messages.ts';

/** Requests being answered at once; more are refused by silence, as by a daemon that is away. */
const MAX_PENDING = 16;

export class RequestDesk {
  readonly #handler: RequestHandler;
  readonly #topics: Topics;
  readonly #log: Logger;
  #pending = 0;

  constructor(handler: RequestHandler, topics: Topics, log: Logger) {
    this.#handler = handler;
    this.#topics = topics;
    this.#log = log;
  }

  take(message: IncomingMessage, answer: Answer): void {
    const verb = this.#topics.verbOf(message.topic);
    if (verb === null) return;
    if (this.#pending >= MAX_PENDING) {
      this.#log.warn(`request ${verb} is dropped: ${MAX_PENDING} are being answered`);
      return;
    }
    this.#pending++;
    void answerRequest(this.#handler, verb, message.payload).then((response) => {
      this.#pending--;
      // MQTT 5 lets the asker say where it listens (4.10); our own topic is for everybody else.
      const wanted = message.responseTopic;
      const topic = wanted !== null && this.#mayAnswerOn(wanted) ? wanted : this.#topics.response(verb);
      answer(topic, JSON.stringify(response), message.correlation);
    });
  }

  /** Not every topic: an asker must not make us speak where we mean something else. */
  #mayAnswerOn(topic: string): boolean {
    if (topic === '' || topic.length > 256 || /[+#\0]/.test(topic) || topic.startsWith('$')) return false;
    return !topic.startsWith(this.#topics.base) || topic.startsWith(this.#topics.response(''));
  }
}
