/**
 * Alert sounds after IEC 60601-1-8: high is ten pulses in two bursts of five, medium three, low two; the pitch falls
 * with the priority. Only when the person turned sound on, and repeated while an alert is neither acknowledged
 * nor silenced. A browser is no alarm system: speakers may be off, tabs may sleep.
 */
import type { AlertPriority } from '@rhythmd/ecg/types.ts';
import type { AlertEvent } from '@rhythmd/protocol/events.ts';

/** What is to be heard: what stands, worst first, of one patient or of a ward. */
export interface Audible {
  readonly active: readonly Pick<
    AlertEvent,
    'priority' | 'acknowledged' | 'silenced' | 'silenced_until_ms'
  >[];
}

interface Melody {
  /** Start of each pulse, seconds. */
  readonly pulses: readonly number[];
  readonly hz: number;
  readonly pulseS: number;
  readonly repeatS: number;
}

const burst = (start: number): number[] => [0, 0.25, 0.5, 1, 1.25].map((at) => start + at);
const MELODIES: Readonly<Record<AlertPriority, Melody>> = {
  high: { pulses: [...burst(0), ...burst(2.2)], hz: 660, pulseS: 0.15, repeatS: 10 },
  medium: { pulses: [0, 0.35, 0.7], hz: 520, pulseS: 0.2, repeatS: 20 },
  low: { pulses: [0, 0.4], hz: 390, pulseS: 0.2, repeatS: 60 },
};
/** At the middle of the volume's range. */
const FULL_VOLUME = 0.4;
const EDGE_S = 0.02;

/** `blocked`: turned on, but the browser waits for a click of its person; `mute`: it had its click, and nothing takes the sound. */
export type SoundState = 'off' | 'on' | 'blocked' | 'mute';

/** From a click to sound, with a loudspeaker that has to wake first. */
const STARTS_WITHIN_MS = 3000;

export class AlertSound {
  readonly #book: Audible;
  #context: AudioContext | null = null;
  #volume = 0.5;
  #lastPlayedMs = Number.NEGATIVE_INFINITY;
  #lastPriority: AlertPriority | null = null;
  /** Since when the browser has had its click while nothing runs; null: it has not, or it runs. */
  #activeMs: number | null = null;

  constructor(book: Audible) {
    this.#book = book;
  }

  start(): void {
    window.setInterval(() => this.#tick(), 500);
  }

  /** Browsers allow sound only from a person's own click. */
  turn(on: boolean): void {
    if (on && !this.#context) this.#context = new AudioContext();
    if (!on) {
      void this.#context?.close();
      this.#context = null;
      this.#activeMs = null;
    }
  }

  get state(): SoundState {
    if (this.#context === null) return 'off';
    if (this.#context.state === 'running') return 'on';
    // A browser that may play and does not has no loudspeaker: one more click would not help.
    return this.#activeMs !== null && performance.now() - this.#activeMs > STARTS_WITHIN_MS
      ? 'mute'
      : 'blocked';
  }

  /** @param volume 0 to 1 */
  setVolume(volume: number): void {
    this.#volume = volume;
  }

  /** From a person's click, which is what a browser waits for. */
  unblock(): void {
    void this.#context?.resume();
  }

  /** What a high-priority alert sounds like here; it needs no sound turned on. */
  test(): void {
    const context = this.#context ?? new AudioContext();
    void context.resume();
    play(context, MELODIES.high, FULL_VOLUME * this.#volume);
  }

  #tick(): void {
    const context = this.#context;
    if (!context) return;
    if (context.state === 'running') this.#activeMs = null;
    else if (navigator.userActivation?.hasBeenActive) this.#activeMs ??= performance.now();
    if (context.state === 'suspended') void context.resume();
    // Its clock stands still: what is played now would wait, and all of it sound at once at the click.
    if (context.state !== 'running') {
      this.#lastPriority = null;
      return;
    }
    const audible = this.#book.active.find((alert) => !alert.acknowledged && !alert.silenced);
    if (!audible) {
      this.#lastPriority = null;
      return;
    }
    const melody = MELODIES[audible.priority];
    const dueMs = this.#lastPlayedMs + melody.repeatS * 1000;
    if (audible.priority === this.#lastPriority && performance.now() < dueMs) return;
    this.#lastPriority = audible.priority;
    this.#lastPlayedMs = performance.now();
    play(context, melody, FULL_VOLUME * this.#volume);
  }
}

function play(context: AudioContext, { pulses, hz, pulseS }: Melody, volume: number): void {
  // One beginning for all of them: the context's clock goes on while they are made.
  const begin = context.currentTime + 0.05;
  for (const at of pulses) {
    const start = begin + at;
    const gain = context.createGain();
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(volume, start + EDGE_S);
    gain.gain.setValueAtTime(volume, start + pulseS - EDGE_S);
    gain.gain.linearRampToValueAtTime(0, start + pulseS);
    gain.connect(context.destination);
    for (const harmonic of [1, 2, 3]) {
      const oscillator = context.createOscillator();
      oscillator.frequency.value = hz * harmonic;
      const level = context.createGain();
      level.gain.value = 0.6 / harmonic;
      oscillator.connect(level).connect(gain);
      oscillator.start(start);
      oscillator.stop(start + pulseS + 0.05);
    }
  }
}
