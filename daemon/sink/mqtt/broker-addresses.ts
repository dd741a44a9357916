/** The brokers that `mqtt.url` names: nodes of a cluster, or a second line. The next is tried when one fails. */
import { redactCredentials } from '../../redact.ts';
import { BrokerLimits } from './broker-limits.ts';

/** More than a cluster has nodes. */
const MAX_ADDRESSES = 8;
const HOST = '(?:\\[[0-9A-Fa-f:.]+\\]|[^\\s,/?#@:\\[\\]]+)';
const ADDRESS = `(?:mqtts?|wss?)://(?:[^\\s/?#@]+@)?${HOST}(?::[0-9]{1,5})?(?:[/?][^\\s,]*)?`;
/** One or several, with commas or spaces between; empty: none. Each is looked at: one that means nothing is a mistake. */
export const ADDRESSES = new RegExp(
  `^(?:|${ADDRESS}(?:(?:\\s*,\\s*|\\s+)${ADDRESS}){0,${MAX_ADDRESSES - 1}})$`,
);

/** A password in an address may hold a comma: what separates stands before the next scheme. */
export function addressesIn(text: string): string[] {
  return text === '' ? [] : text.split(/[\s,]+(?=(?:mqtts?|wss?):\/\/)/);
}

/** One broker, and what is known of it from one connection to the next. */
export class BrokerAddress {
  readonly url: string;
  /** Without user and password. */
  readonly shownUrl: string;
  /** The MQTT version of the last successful or current attempt. */
  version: 4 | 5 = 5;
  readonly limits = new BrokerLimits();
  /** What the log has heard that it lacks. */
  toldLack: string | null = null;

  constructor(url: string) {
    this.url = url;
    this.shownUrl = redactCredentials(url);
  }
}

export class BrokerAddresses {
  readonly #all: readonly BrokerAddress[];
  #at = 0;

  /** @param text one or more addresses, as ADDRESSES allows */
  constructor(text: string) {
    this.#all = addressesIn(text).map((url) => new BrokerAddress(url));
  }

  get current(): BrokerAddress {
    return this.#all[this.#at] as BrokerAddress;
  }

  /** Goes on to the next. @returns whether all had their turn since this was last true */
  next(): boolean {
    this.#at = (this.#at + 1) % this.#all.length;
    return this.#at === 0;
  }
}
