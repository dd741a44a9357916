/**
 * What the daemon remembers for pages that open later: the latest state, the last minutes of beats and
 * alerts, the last seconds of waveform. Bounded; the recordings hold the rest.
 */
import type {
  AlertEvent,
  BeatEvent,
  GapEvent,
  HealthEvent,
  InfoEvent,
  LeadEvent,
  QualityEvent,
  StripEvent,
  VitalsEvent,
} from '@rhythmd/protocol/events.ts';
import type { ClockEvent, HelloEvent } from '@rhythmd/protocol/stream-messages.ts';
import { RecentWave } from './recent-wave.ts';

/** Five minutes at 100 bpm. */
const MAX_BEATS = 500;
const MAX_ALERTS = 200;
/** Ten seconds of text each, about 20 KB. */
const MAX_STRIPS = 100;
const MAX_GAPS = 100;

export class Recent {
  /** What people call the device. Pages alone are told. */
  deviceLabel = '';
  info: InfoEvent | null = null;
  lead: LeadEvent | null = null;
  vitals: VitalsEvent | null = null;
  health: HealthEvent | null = null;
  clock: ClockEvent | null = null;
  readonly wave = new RecentWave();
  readonly #qualities = new Map<number, QualityEvent>();
  readonly #gaps: GapEvent[] = [];
  readonly #beats: BeatEvent[] = [];
  readonly #alerts = new Map<string, AlertEvent>();
  readonly #strips = new Map<string, StripEvent>();

  beat(event: BeatEvent): void {
    this.#beats.push(event);
    if (this.#beats.length > MAX_BEATS) this.#beats.shift();
  }

  gap(event: GapEvent): void {
    this.#gaps.push(event);
    if (this.#gaps.length > MAX_GAPS) this.#gaps.shift();
  }

  quality(event: QualityEvent): void {
    this.#qualities.set(event.lead, event);
  }

  alert(event: AlertEvent): void {
    keepLatest(this.#alerts, event.id, event, MAX_ALERTS, ({ phase }) => phase === 'end');
  }

  strip(event: StripEvent): void {
    const hasEnded = ({ alert_id }: StripEvent) =>
      this.#alerts.get(alert_id)?.phase === 'end' || !this.#alerts.has(alert_id);
    keepLatest(this.#strips, event.alert_id, event, MAX_STRIPS, hasEnded);
  }

  /** Another stream begins: what is counted in samples no longer means anything. */
  forgetSignal(): void {
    this.#qualities.clear();
    this.#gaps.length = 0;
    this.#beats.length = 0;
    this.wave.forget();
  }

  /** Another patient: nothing of the one before is shown to pages that open later. What stands is the equipment's, or of the new one. */
  forgetPatient(): void {
    this.forgetSignal();
    this.vitals = null;
    for (const [id, { phase }] of this.#alerts) if (phase === 'end') this.#alerts.delete(id);
    for (const id of this.#strips.keys()) if (!this.#alerts.has(id)) this.#strips.delete(id);
  }

  get alerts(): AlertEvent[] {
    return [...this.#alerts.values()];
  }

  stripOf(alertId: string): StripEvent | null {
    return this.#strips.get(alertId) ?? null;
  }

  hello(): HelloEvent {
    return {
      v: 1,
      device_label: this.deviceLabel,
      info: this.info,
      lead: this.lead,
      vitals: this.vitals,
      health: this.health,
      clock: this.clock,
      qualities: [...this.#qualities.values()],
      gaps: this.#gaps,
      beats: this.#beats,
      alerts: this.alerts,
    };
  }
}

/**
 * A Map keeps insertion order: setting anew moves an entry to the end, the first is the oldest. What may not go stays
 * whatever its age: an alert that stands is the last thing to forget. Only when nothing may go, the oldest does.
 */
function keepLatest<T>(
  map: Map<string, T>,
  key: string,
  value: T,
  bound: number,
  mayGo: (value: T) => boolean,
): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= bound) return;
  for (const [oldKey, old] of map) {
    if (!mayGo(old)) continue;
    map.delete(oldKey);
    return;
  }
  const oldest = map.keys().next();
  if (!oldest.done) map.delete(oldest.value);
}
