/**
 * Carries the outbox to the broker: QoS 1, in order, a bounded number in flight. Behind a backlog alerts go first, in their
 * own order: nobody waits for an alarm until an hour of beats has been told. A message leaves the outbox
 * when the broker has acknowledged it. After a broken connection everything unacknowledged goes again, and
 * the last acknowledged ones too: a broker that died may have had them in memory only. `id` and `seq` in the
 * payload make the second copy recognisable; first copies arrive in order.
 */
import { describeError } from '@rhythmd/ecg/errors.ts';
import type { Logger } from '../../log/logger.ts';
import { contained } from '../../net/contained.ts';
import type { Outbox, OutboxMessage } from '../outbox/message.ts';
import { AcknowledgedLately } from './acknowledged-lately.ts';
import type { BrokerConnection, Refusal } from './broker-connection.ts';
import { NOT_AUTHORIZED } from './connect-errors.ts';
import { type Sent, SentAhead } from './sent-ahead.ts';
import { within } from './within.ts';

/** A broker that acknowledges nothing for this long is broken: connect again. */
const ACKNOWLEDGE_TIMEOUT_MS = 20_000;
/** A backlog is sent no faster: some 500 times the speed it came at, and brokers bound their queues. */
const PACE_MESSAGES = 50;
const PACE_MS = 50;
/**
 * After an outage the subscribers come back too, and brokers keep nothing for those without a session: the
 * outbox waits this long for them. What is retained, the active alerts among it, does not.
 */
const SETTLE_MS = 1500;
/**
 * Refusals that no second attempt mends: not authorised, topic name invalid, packet too large, payload format
 * invalid (MQTT 5, table 3-4). A 3.1.1 broker acknowledges and drops such messages in silence.
 */
const FINAL_REFUSALS: ReadonlySet<number> = new Set([NOT_AUTHORIZED, 144, 149, 153]);

/** More than this waiting is a backlog: alerts do not stand behind it. */
const BACKLOG_MESSAGES = 100;

interface InFlight extends Sent {
  readonly message: OutboxMessage;
}

export class Sender {
  readonly #counts = { sent: 0, repeated: 0, refused: 0 };
  readonly #outbox: Outbox;
  readonly #connection: BrokerConnection;
  readonly #log: Logger;
  readonly #monotonicMs: () => number;
  /** Oldest first; acknowledged from the front. */
  #inFlight: InFlight[] = [];
  #lately = new AcknowledgedLately();
  /** What of it is to be sent again first. */
  #again: OutboxMessage[] = [];
  #cursor = 0;
  readonly #ahead = new SentAhead<InFlight>();
  /** Alerts up to here went ahead. */
  #aheadCursor = 0;
  #reading = false;
  #connected = false;
  /** Changes with every connection: answers to an older one are void. */
  #epoch = 0;
  #slot = { untilMs: 0, sent: 0 };
  #onDrained: (() => void) | null = null;
  #watchdog: NodeJS.Timeout | null = null;
  #paceTimer: NodeJS.Timeout | null = null;
  #settleTimer: NodeJS.Timeout | null = null;
  #everConnected = false;

  readonly #onFailure = (error: unknown): void => {
    this.#log.error(() => describeError(error));
  };
  /** Goes on sending; what goes wrong (a disk that cannot be read) is told, and the next message tries again. */
  readonly #kick = contained(this.#onFailure, () => this.#pump());

  /** @param monotonicMs a clock that nobody sets: set back by an hour, another would stop the pace for an hour */
  constructor(outbox: Outbox, connection: BrokerConnection, log: Logger, monotonicMs: () => number) {
    this.#outbox = outbox;
    this.#connection = connection;
    this.#log = log;
    this.#monotonicMs = monotonicMs;
    outbox.onReady = this.#kick;
    outbox.onRenumbered = contained(this.#onFailure, () => this.#startOver());
  }

  counters(): Record<string, number> {
    const { messages, unstored, damaged, dropped, droppedAlerts } = this.#outbox.counts();
    return {
      outbox_messages: messages,
      outbox_unstored: unstored,
      outbox_damaged: damaged,
      outbox_dropped: dropped,
      outbox_dropped_alerts: droppedAlerts,
      mqtt_in_flight: this.#inFlight.length,
      mqtt_sent: this.#counts.sent,
      mqtt_repeated: this.#counts.repeated,
      mqtt_refused: this.#counts.refused,
      mqtt_skipped: this.#connection.counts.skipped,
      mqtt_connects: this.#connection.counts.connects,
    };
  }

  /** The connection is there, and what is retained has been said. */
  connected(): void {
    this.#settleTimer = setTimeout(
      contained(this.#onFailure, () => this.#begin()),
      this.#everConnected ? SETTLE_MS : 0,
    );
    this.#everConnected = true;
  }

  /** Everything is numbered anew: what is on its way goes again. */
  #startOver(): void {
    this.#lately = new AcknowledgedLately();
    this.#ahead.forgetUncertain(Number.NEGATIVE_INFINITY);
    if (!this.#connected) return;
    this.disconnected();
    this.#begin();
  }

  #begin(): void {
    this.#connected = true;
    this.#epoch++;
    this.#inFlight = [];
    this.#cursor = this.#outbox.acknowledged;
    this.#ahead.forgetUncertain(this.#lately.unsafeSinceMs);
    this.#aheadCursor = this.#cursor;
    this.#again = this.#lately.due();
    this.#watchdog = setInterval(
      contained(this.#onFailure, () => this.#checkAcknowledgements()),
      ACKNOWLEDGE_TIMEOUT_MS / 4,
    );
    this.#kick();
  }

  disconnected(): void {
    this.#connected = false;
    this.#epoch++;
    this.#inFlight = [];
    for (const timer of [this.#watchdog, this.#paceTimer, this.#settleTimer]) if (timer) clearTimeout(timer);
    this.#paceTimer = null;
  }

  /** Waits until the broker has everything, but no longer than `limitMs`: the rest is for the next run. */
  async drain(limitMs: number): Promise<void> {
    if (!this.#connected || this.#outbox.counts().messages === 0) return;
    await within(limitMs, (done) => {
      this.#onDrained = done;
    });
  }

  async #pump(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (this.#connected && this.#paceTimer === null) {
        const underway = this.#inFlight.length + this.#ahead.waiting.count;
        const room = Math.min(this.#connection.window - underway, this.#paceRoom());
        if (room <= 0) break;
        const again = this.#again.splice(0, room);
        if (again.length > 0) {
          for (const message of again) if (!this.#sendInTurn(message)) return;
          this.#counts.repeated += again.length;
          continue;
        }
        const epoch = this.#epoch;
        const alerts = await this.#alertsBehindBacklog(room);
        // The connection changed while we read: start over from what is acknowledged.
        if (epoch !== this.#epoch) continue;
        if (alerts.length > 0) {
          for (const alert of alerts) if (!this.#sendAhead(alert)) return;
          continue;
        }
        const messages = await this.#outbox.read(this.#cursor, room);
        if (epoch !== this.#epoch) continue;
        if (messages.length === 0) break;
        for (const message of messages) if (!this.#sendInTurn(message)) return;
        this.#ahead.forgetBefore(this.#cursor);
      }
    } catch (error) {
      // Nobody waits for this: what is thrown here would end the process.
      this.#log.error(() => `sending: ${describeError(error)}`);
    } finally {
      this.#reading = false;
    }
  }

  async #alertsBehindBacklog(limit: number): Promise<readonly OutboxMessage[]> {
    if (this.#ahead.isFull || this.#outbox.counts().messages <= BACKLOG_MESSAGES) return [];
    return this.#outbox.readAlerts(Math.max(this.#cursor, this.#aheadCursor), limit);
  }

  /** @returns false when the connection takes nothing now: its close will come */
  #sendAhead(message: OutboxMessage): boolean {
    if (!this.#ahead.has(message.sequence)) {
      const entry = this.#publish(message);
      if (entry === null) return false;
      this.#ahead.add(entry);
    }
    this.#aheadCursor = message.sequence;
    return true;
  }

  /** What went ahead is not sent again: it only takes its place, so that all before it is known to have arrived. */
  #sendInTurn(message: OutboxMessage): boolean {
    const entry = this.#ahead.take(message.sequence) ?? this.#publish(message);
    if (entry === null) return false;
    this.#cursor = Math.max(this.#cursor, message.sequence);
    this.#inFlight.push(entry);
    // Where the broker takes QoS 0 only, it is done when it is written, which is often at once.
    if (entry.acknowledgedMs !== null) this.#settle();
    return true;
  }

  /** null when the connection takes nothing now. */
  #publish(message: OutboxMessage): InFlight | null {
    const { sequence } = message;
    const entry: InFlight = { message, sequence, sentMs: this.#monotonicMs(), acknowledgedMs: null };
    const epoch = this.#epoch;
    const accepted = this.#connection.publish(message.topic, message.payload, 1, false, (refusal) => {
      if (epoch === this.#epoch) this.#onAcknowledged(entry, refusal);
    });
    if (!accepted) return null;
    this.#slot.sent++;
    this.#counts.sent++;
    return entry;
  }

  #onAcknowledged(entry: InFlight, refusal: Refusal | null): void {
    if (refusal !== null) {
      const { topic } = entry.message;
      // What is not allowed is said by the connection, once.
      if (refusal.code !== NOT_AUTHORIZED)
        this.#log.warn(`the broker does not take ${topic}: ${refusal.message}`);
      if (!FINAL_REFUSALS.has(refusal.code)) {
        this.#connection.reconnect(refusal.message);
        return;
      }
      this.#counts.refused++;
    }
    entry.acknowledgedMs = this.#monotonicMs();
    this.#settle();
    this.#kick();
  }

  /** What was acknowledged, and all before it, leaves the outbox. */
  #settle(): void {
    for (let entry = this.#inFlight[0]; entry !== undefined; entry = this.#inFlight[0]) {
      const { message, acknowledgedMs } = entry;
      if (acknowledgedMs === null) break;
      this.#inFlight.shift();
      this.#outbox.acknowledge(message);
      this.#lately.add(message, acknowledgedMs);
    }
    if (this.#onDrained && this.#outbox.counts().messages === 0) this.#onDrained();
  }

  /** How many more may go in this slot; 0 sets the timer for the next one. */
  #paceRoom(): number {
    const nowMs = this.#monotonicMs();
    if (nowMs >= this.#slot.untilMs) this.#slot = { untilMs: nowMs + PACE_MS, sent: 0 };
    const room = PACE_MESSAGES - this.#slot.sent;
    if (room <= 0) {
      this.#paceTimer = setTimeout(() => {
        this.#paceTimer = null;
        this.#kick();
      }, PACE_MS);
    }
    return room;
  }

  #checkAcknowledgements(): void {
    const oldestMs = this.#inFlight[0]?.sentMs ?? this.#ahead.waiting.oldestMs;
    if (oldestMs === null || this.#monotonicMs() - oldestMs < ACKNOWLEDGE_TIMEOUT_MS) return;
    this.#log.warn('the broker acknowledges nothing: connecting again');
    this.#connection.reconnect('no acknowledgement');
  }
}
