/** One bed as this page knows it: what its device said, and when. No clock of its own: whoever asks says what time it is. */
import type { AlertEvent } from '@rhythmd/protocol/events.ts';
import type { WardBed } from '@rhythmd/protocol/ward.ts';
import { AlertBook } from '../../alerts/alert-book.ts';
import { BedTrace } from './bed-trace.ts';
import { Freshness } from './freshness.ts';
import {
  type BedInfo,
  type BedLead,
  type BedVitals,
  type Kind,
  type Read,
  readMessage,
} from './read-message.ts';
import { Trend } from './trend.ts';

/** Both clocks at one moment: Unix milliseconds, and those that nobody sets. */
export interface Moment {
  readonly wallMs: number;
  readonly steadyMs: number;
}

/** An uptime that falls twice within it: two devices under one name, or one that dies again and again. */
const RESTARTS_WITHIN_MS = 60_000;

export class Bed {
  readonly place: WardBed;
  readonly book = new AlertBook();
  readonly trace = new BedTrace();
  readonly trend = new Trend();
  readonly freshness = new Freshness();
  info: BedInfo | null = null;
  lead: BedLead | null = null;
  vitals: BedVitals | null = null;
  /** What the device, or the broker in its place, said last; null: nothing, or it speaks. */
  isGone = false;
  isCutOff = false;
  /** Messages that could not be read. */
  unreadable = 0;
  /** Somebody has seen that it is silent. */
  isSilenceSeen = false;
  /** Since when this page hears its broker; null: it does not. */
  listeningSinceMs: number | null = null;
  #active: ReadonlySet<string> = new Set();
  #uptimeS: number | null = null;
  readonly #restartsMs: number[] = [];

  constructor(place: WardBed) {
    this.place = place;
  }

  /** The page is connected (again): only what comes from now on is of now. */
  listen(steadyMs: number | null): void {
    this.listeningSinceMs = steadyMs;
    this.freshness.forget();
    this.vitals = null;
    this.isGone = false;
    this.isCutOff = false;
  }

  /**
   * @param path below the bed's base: `vitals`, `alert/active`, `strip/7f3a`
   * @param isMemory the broker kept it: it may be old
   * @returns false when it cannot be read
   */
  hear(path: string, payload: Uint8Array, isMemory: boolean, now: Moment): boolean {
    const isRead = this.#take(path, payload, isMemory, now);
    if (!isRead) this.unreadable++;
    return isRead;
  }

  /** Whether its numbers are of now. */
  isFresh(steadyMs: number): boolean {
    return !this.isGone && !this.isCutOff && this.freshness.isFresh(steadyMs);
  }

  /** Twice within a minute it began again. */
  startsAgain(steadyMs: number): boolean {
    return this.#restartsMs.filter((ms) => steadyMs - ms < RESTARTS_WITHIN_MS).length >= 2;
  }

  #take(path: string, payload: Uint8Array, isMemory: boolean, now: Moment): boolean {
    const kind = path.startsWith('strip/') ? 'strip' : path;
    const read = <K extends Kind>(as: K, use: (message: Read<K>) => void): boolean => {
      const message = readMessage(as, payload, now.wallMs);
      if (message !== null) use(message);
      return message !== null;
    };
    switch (kind) {
      case 'wave':
        return this.trace.wave(payload);
      case 'vitals':
        return isMemory || read('vitals', (vitals) => this.#takeVitals(vitals, now));
      case 'state':
        return read('state', ({ state }) => {
          this.isGone = state === 'offline';
        });
      case 'bridge':
        this.isCutOff = payload.length === 1 && payload[0] === 0x30;
        return true;
      case 'info':
        return read('info', (info) => this.#takeInfo(info));
      case 'lead':
        return read('lead', (lead) => {
          this.lead = lead;
          this.trace.lead(lead);
        });
      case 'health':
        return isMemory || read('health', ({ uptime_s }) => this.#takeUptime(uptime_s, now.steadyMs));
      case 'beat':
        return read('beat', (beat) => this.trace.beat(beat));
      case 'alert':
        return read('alert', (alert) => this.#takeAlert(alert, now));
      case 'alert/active':
        return read('alert/active', (alerts) => this.#takeActive(alerts, now));
      case 'strip':
        return read('strip', (strip) => this.book.addStrip(strip));
      default:
        return true;
    }
  }

  #takeVitals(vitals: BedVitals, { wallMs, steadyMs }: Moment): void {
    this.freshness.vitals(steadyMs, vitals.t_ms);
    this.vitals = vitals;
    this.isGone = false;
    this.isCutOff = false;
    this.isSilenceSeen = false;
    if (this.freshness.lateMs === 0) this.trend.add(wallMs, vitals.hr_bpm);
  }

  /** Another patient: nothing of the one before stands. */
  #takeInfo(info: BedInfo): void {
    const before = this.info?.patient?.since_ms ?? null;
    const since = info.patient?.since_ms ?? null;
    if (before !== null && since !== null && before !== since) this.book.replace([]);
    this.info = info;
    this.trace.leadsAre(info.leads);
    if (this.lead !== null) this.trace.lead(this.lead);
  }

  #takeUptime(uptimeS: number, steadyMs: number): void {
    if (this.#uptimeS !== null && uptimeS < this.#uptimeS - 1) {
      this.#restartsMs.push(steadyMs);
      if (this.#restartsMs.length > 8) this.#restartsMs.shift();
    }
    this.#uptimeS = uptimeS;
  }

  /**
   * An alert ends once: a start that comes a second time, from an outbox that was not sure, stays what it was. One that was
   * under way for long is history unless the device says that it stands.
   */
  #takeAlert(alert: AlertEvent, { steadyMs }: Moment): void {
    const known = this.book.all.find(({ id }) => id === alert.id);
    if (known?.phase === 'end' && alert.phase !== 'end') return;
    const isHistory =
      alert.phase !== 'end' && !this.#active.has(alert.id) && this.freshness.isHistory(steadyMs, alert.t_ms);
    this.book.add(isHistory ? { ...alert, phase: 'end' } : alert);
  }

  /** What stands is what the device says that stands. */
  #takeActive(alerts: readonly AlertEvent[], { wallMs }: Moment): void {
    this.#active = new Set(alerts.map(({ id }) => id));
    for (const standing of this.book.active) {
      if (!this.#active.has(standing.id))
        this.book.add({ ...standing, phase: 'end', t_ms: Math.max(wallMs, standing.start_t_ms) });
    }
    for (const alert of alerts) this.book.add(alert.phase === 'end' ? { ...alert, phase: 'update' } : alert);
  }
}
