/**
 * Which of our topics a broker does not allow. MQTT 5 has an answer for that; RabbitMQ, in 3.1.1, hangs up without a word, as
 * it does for any other reason, and would do so for ever. After a first break messages therefore go one by one (one-by-one.ts);
 * what was on its way alone when the broker hung up, twice in a row and never answered before, is taken for the cause, and left
 * out for a while where nothing is lost by that.
 */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';

/** Kinds of topics: ours are a dozen, but answers go where askers want them. */
const MAX_KINDS = 64;
/** Breaks in a row at the same topic. */
const BREAKS = 2;
/** Then it is tried again: permissions get mended. */
const LEFT_OUT_MS = 600_000;

/** Each strip has a topic of its own; what is allowed is one rule. */
const kindOf = (topic: string) => topic.replace(/\/strip\/[^/]+$/, '/strip/+');

export class ForbiddenTopics {
  readonly #monotonicMs: () => number;
  /** On its way, and nothing else. */
  #alone: string | null = null;
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
    this.#alone = null;
  }

  /** @param topic null: what is on its way wants no answer (a broker of QoS 0 only), so nothing can be learnt from a break */
  sentAlone(topic: string | null): void {
    this.#alone = topic === null ? null : kindOf(topic);
  }

  /** The broker has it: it is allowed. */
  answered(topic: string): void {
    const kind = kindOf(topic);
    if (this.#alone === kind) this.#alone = null;
    if (this.#allowed.size < MAX_KINDS) this.#allowed.add(kind);
    if (this.#suspect === kind) this.#suspect = null;
  }

  /**
   * The broker hung up without a reason, soon after it let us in.
   * @returns the topic that may be the cause, and whether it is taken for it; null where nothing points at one
   */
  broke(): { readonly topic: string; readonly isSure: boolean } | null {
    const topic = this.#alone === null || this.#allowed.has(this.#alone) ? null : this.#alone;
    this.#breaks = topic !== null && topic === this.#suspect ? this.#breaks + 1 : 1;
    this.#suspect = topic;
    if (topic === null) return null;
    const isSure = this.#breaks >= BREAKS;
    if (isSure) this.leaveOut(topic);
    return { topic, isSure };
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
