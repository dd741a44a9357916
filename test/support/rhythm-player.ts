/** Plays hand-made beat sequences, quality changes and gaps through the rhythm stage, 0.25 s at a time. */
import { RhythmMonitor } from '@rhythmd/ecg/rhythm/monitor.ts';
import { RHYTHM_CLASSES, type RhythmClass } from '@rhythmd/ecg/rhythm/rhythm-estimate.ts';
import { rhythmSettings } from '@rhythmd/ecg/rhythm/settings.ts';
import type { Alert, BeatLabel, LeadQuality } from '@rhythmd/ecg/types.ts';

const RATE_HZ = 360;
const BLOCK = 90;

export class RhythmPlayer {
  readonly alerts: Alert[] = [];
  readonly monitor: RhythmMonitor;
  /** Gives the sample value at a time; silence unless a test says otherwise. */
  waveform: (seconds: number) => number = () => 0;
  #sample = 0;
  #beats = 0;

  constructor(limits: Readonly<Record<string, number>> = {}) {
    this.monitor = new RhythmMonitor({
      rateHz: RATE_HZ,
      leadNames: ['MLII', 'V1'],
      settings: rhythmSettings(limits),
      idPrefix: 't-',
      onAlert: (alert) => this.alerts.push(alert),
    });
    this.quality('good');
  }

  get seconds(): number {
    return this.#sample / RATE_HZ;
  }

  /** Lets time pass without a beat. */
  silence(seconds: number): this {
    const end = this.#sample + Math.round(seconds * RATE_HZ);
    while (this.#sample < end) {
      const count = Math.min(BLOCK, end - this.#sample);
      const lead = Float32Array.from({ length: count }, (_, index) =>
        this.waveform((this.#sample + index) / RATE_HZ),
      );
      const samples = { first: this.#sample, rateHz: RATE_HZ, leads: [lead, lead], count, flags: 0, lost: 0 };
      this.monitor.pushSamples(samples);
      this.#sample += count;
    }
    return this;
  }

  /** Samples lost: the index moves on, nothing is delivered. */
  gap(seconds: number): this {
    const lost = Math.round(seconds * RATE_HZ);
    this.#sample += lost;
    const lead = new Float32Array(BLOCK);
    const samples = {
      first: this.#sample,
      rateHz: RATE_HZ,
      leads: [lead, lead],
      count: BLOCK,
      flags: 0,
      lost,
    };
    this.monitor.pushSamples(samples);
    this.#sample += BLOCK;
    return this;
  }

  /**
   * One beat a letter, `rrMs` after the one before: N, V, F, / and f as labels, o for other, ? without a
   * verdict. Spaces are ignored.
   */
  beats(letters: string, rrMs: number | ((index: number) => number) = 800): this {
    let index = 0;
    for (const letter of letters.replaceAll(' ', '')) {
      this.silence((typeof rrMs === 'number' ? rrMs : rrMs(index)) / 1000);
      index += 1;
      this.#beats += 1;
      const sample = this.#sample;
      this.monitor.pushPeak({ sample, amplitudeMv: 1, knownAt: sample });
      const label = letter === '?' ? null : letter === 'o' ? 'other' : (letter as BeatLabel);
      this.monitor.pushBeat({ id: `b${this.#beats}`, sample, label });
    }
    return this;
  }

  /** The rhythm network gives `probability` to one rhythm, the rest to an organised one. */
  estimate(name: RhythmClass, probability: number): this {
    const probabilities = new Float32Array(RHYTHM_CLASSES.length);
    probabilities[RHYTHM_CLASSES.indexOf('organised')] = 1 - probability;
    probabilities[RHYTHM_CLASSES.indexOf(name)]! += probability;
    this.monitor.pushEstimate({ sample: this.#sample, probabilities, received: 1 });
    return this;
  }

  quality(quality: LeadQuality, lead = 0): this {
    this.monitor.pushQuality({ lead, sample: this.#sample, quality });
    return this;
  }

  /** Messages of one kind as `phase@seconds`, rounded. */
  messages(kind: string): string[] {
    return this.of(kind).map((alert) => `${alert.phase}@${Math.round(alert.sample / RATE_HZ)}`);
  }

  of(kind: string): Alert[] {
    return this.alerts.filter((alert) => alert.kind === kind);
  }

  count(kind: string, phase: Alert['phase'] = 'start'): number {
    return this.of(kind).filter((alert) => alert.phase === phase).length;
  }

  /** Kinds that were alarmed, in order of first appearance. */
  get kinds(): string[] {
    return [...new Set(this.alerts.map((alert) => alert.kind))];
  }
}
