/** `request/<verb>` -> `response/<verb>`: takes requests from any broker and answers where they came from. */
import type { Topics } from '@rhythmd/protocol/topics.ts';
import type { RequestGateway } from '../../requests/gateway.ts';
import type { Answer, IncomingMessage } from './messages.ts';

export class RequestDesk {
  readonly #gateway: RequestGateway;
  readonly #topics: Topics;

  constructor(gateway: RequestGateway, topics: Topics) {
    this.#gateway = gateway;
    this.#topics = topics;
  }

  take(message: IncomingMessage, answer: Answer): void {
    const verb = this.#topics.verbOf(message.topic);
    if (verb === null) return;
    void this.#gateway.answerText(verb, message.payload, message.requester).then((response) => {
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
