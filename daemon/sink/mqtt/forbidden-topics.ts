/**
 * Which of our topics a broker does not allow. MQTT 5 has an answer for that; RabbitMQ, in 3.1.1, hangs up without a word, as
 * it does for any other reason, and would do so for ever: what stood first of the unanswered when it hung up, twice in a row
 * and never answered before, is taken for the cause, and left out for a while where nothing is lost by that.
 */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';

/** More is never on its way; a broker that takes QoS 0 only answers nothing. */
const MAX_UNANSWERED = 64;
/** Kinds of topics: ours are a dozen, but answers go where askers want them. */
const MAX_KINDS = 64;
/** Breaks in a row with the same topic first. */
const BREAKS = 2;
/** Then it is tried again: permissions get mended. */
const LEFT_OUT_MS = 600_000;

/** Each strip has a topic of its own; what is allowed is one rule. */
const kindOf = (topic: string) => topic.replace(/\/strip\/[^/]+$/, '/strip/+');

export interface Unanswered {
  readonly kind: string;
  /** Of QoS 0 nothing is answered: an answer to what was sent after it says that it passed. */
  readonly wantsAnswer: boolean;
}

export class ForbiddenTopics {
  readonly #monotonicMs: () => number;
  #unanswered: Unanswered[] = [];
  readonly #allowed = new Set<string>();
  readonly #leftOut = new Map<string, number>();
  readonly #told = new Set<string>();
  #suspect: string | null = null;
  #breaks = 0;

  constructor(monotonicMs: () => number = () => performance.now()) {
    this.#monotonicMs = monotonicMs;
  }

  /** A new connection: what was on its way on the last one is void. */
  begin(): void {
    this.#unanswered = [];
  }

  sent(topic: string, wantsAnswer: boolean): Unanswered {
    const entry = { kind: kindOf(topic), wantsAnswer };
    this.#unanswered.push(entry);
    if (this.#unanswered.length > MAX_UNANSWERED) this.#unanswered.shift();
    return entry;
  }

  /** The broker has it, and with it all QoS 0 that went before. */
  answered(entry: Unanswered): void {
    const at = this.#unanswered.indexOf(entry);
    if (at < 0) return;
    const passed = this.#unanswered.slice(0, at + 1);
    const isOver = (other: Unanswered) => other === entry || !other.wantsAnswer;
    for (const { kind } of passed.filter(isOver)) if (this.#allowed.size < MAX_KINDS) this.#allowed.add(kind);
    this.#unanswered = [...passed.filter((other) => !isOver(other)), ...this.#unanswered.slice(at + 1)];
  }

  /**
   * The broker hung up without a reason, soon after it let us in.
   * @returns the topic that it does not seem to allow; null while that is not clear
   */
  broke(): string | null {
    const first = this.#unanswered.find(({ kind }) => !this.#allowed.has(kind))?.kind ?? null;
    this.#breaks = first !== null && first === this.#suspect ? this.#breaks + 1 : 1;
    this.#suspect = first;
    if (first === null || this.#breaks < BREAKS) return null;
    this.leaveOut(first);
    return first;
  }

  leaveOut(topic: string): void {
    if (this.#leftOut.size < MAX_KINDS) this.#leftOut.set(kindOf(topic), this.#monotonicMs() + LEFT_OUT_MS);
  }

  isLeftOut(topic: string): boolean {
    const kind = kindOf(topic);
    const untilMs = this.#leftOut.get(kind);
    if (untilMs === undefined) return false;
    if (this.#monotonicMs() < untilMs) return true;
    this.#leftOut.delete(kind);
    return false;
  }

  /** What is left out now, for people. */
  get leftOut(): readonly string[] {
    return [...this.#leftOut.keys()].filter((kind) => this.isLeftOut(kind));
  }

  /** @returns whether this is the first time that it is said of this topic */
  isNews(topic: string): boolean {
    const kind = kindOf(topic);
    if (this.#told.has(kind) || this.#told.size >= MAX_KINDS) return false;
    this.#told.add(kind);
    return true;
  }
}

/** @param how what the broker did, in words */
export function forbiddenError(shownUrl: string, topic: string, how: string): RhythmdError {
  return new RhythmdError(
    'E_BROKER_FORBIDDEN',
    `broker ${shownUrl}: ${how} ${kindOf(topic)}`,
    'Allow it in the rules of the broker for our user (docs/brokers.md), or switch off what needs it',
  );
}
