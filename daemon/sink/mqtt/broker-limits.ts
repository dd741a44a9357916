/**
 * What an external broker takes, as it says when it accepts us (CONNACK of MQTT 5, 3.2.2.3): longer packets, more of them on
 * their way, retained messages or QoS 1 may be too much for it. What it does not have is done without.
 */
import { codeOf, QOS_NOT_SUPPORTED, RETAIN_NOT_SUPPORTED } from './connect-errors.ts';
import type { Qos } from './messages.ts';

/** Messages of the outbox on their way at once; mosquitto takes 20 in all unless told otherwise. */
const MAX_IN_FLIGHT = 16;
/** Left for retained topics and responses. */
const RESERVED_IN_FLIGHT = 4;
/** What MQTT adds to topic and payload, at most. */
const PACKET_OVERHEAD_BYTES = 64;

/** The properties of a CONNACK that limit us. */
export interface ToldLimits {
  readonly maximumPacketSize?: number;
  readonly receiveMaximum?: number;
  readonly maximumQoS?: number;
  readonly retainAvailable?: boolean;
}

/** Remembered over connections: the last will needs to know before the next one is made. */
export class BrokerLimits {
  #maxPacketBytes = Number.POSITIVE_INFINITY;
  #window = MAX_IN_FLIGHT;
  #maxQos: Qos = 1;
  #retains = true;

  /** How many messages of the outbox may be on their way at once. */
  get window(): number {
    return this.#window;
  }

  get maxQos(): Qos {
    return this.#maxQos;
  }

  /** Whether the broker keeps the last message of a topic for who comes later. */
  get retains(): boolean {
    return this.#retains;
  }

  /** What works differently, as a sentence; null when nothing does. */
  get lacks(): string | null {
    const sentences: string[] = [];
    if (!this.#retains) {
      sentences.push('it keeps no retained messages: who subscribes later waits for the next message');
    }
    if (this.#maxQos === 0) {
      sentences.push('it takes QoS 0 only: everything is sent once and in order, but nothing is confirmed');
    }
    return sentences.length === 0 ? null : `connected, but ${sentences.join('; and ')}`;
  }

  note({ maximumPacketSize, receiveMaximum, maximumQoS, retainAvailable }: ToldLimits): void {
    this.#maxPacketBytes = maximumPacketSize ?? Number.POSITIVE_INFINITY;
    const allowed = (receiveMaximum ?? MAX_IN_FLIGHT + RESERVED_IN_FLIGHT) - RESERVED_IN_FLIGHT;
    this.#window = Math.max(1, Math.min(MAX_IN_FLIGHT, allowed));
    this.#maxQos = maximumQoS === 0 ? 0 : 1;
    this.#retains = retainAvailable !== false;
  }

  /** The broker would hang up, and the message would come again after every connection. */
  isTooLarge(topic: string, payload: string | Buffer): boolean {
    return topic.length + Buffer.byteLength(payload) + PACKET_OVERHEAD_BYTES > this.#maxPacketBytes;
  }

  /**
   * A last will that asked for more than the broker has is to be asked for with less.
   * @returns false when that is not why it refused us
   */
  learnFrom(failure: unknown): boolean {
    const code = codeOf(failure);
    if (code === RETAIN_NOT_SUPPORTED && this.#retains) this.#retains = false;
    else if (code === QOS_NOT_SUPPORTED && this.#maxQos > 0) this.#maxQos = 0;
    else return false;
    return true;
  }
}
