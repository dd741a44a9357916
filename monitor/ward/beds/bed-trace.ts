/**
 * The last seconds of the analysed lead of one bed, for its tile: waveform as on the topic `wave`, beats, and what of it
 * could not be read. A device that starts again begins anew.
 */
import { type LeadQuality, PIPELINE_RATE_HZ } from '@rhythmd/ecg/types.ts';
import { decodeWaveFrame, WAVE_HEADER_BYTES, type WaveFrame } from '@rhythmd/protocol/wave-frame.ts';
import { Bounded } from '../../signal/bounded.ts';
import { DisplayFilter } from '../../signal/display-filter.ts';
import { type QualityStretch, QualityTrack } from '../../signal/quality-track.ts';
import { WaveRing } from '../../signal/wave-ring.ts';
import type { Hole, StripBeat, StripLead, StripSignal } from '../../strip/strip-signal.ts';
import type { BedLead, Read } from './read-message.ts';

/** 45 s: more than a tile is wide on any screen. */
const RING_SAMPLES = 2 ** 14;
const MAX_BEATS = 200;
const MAX_HOLES = 50;
const MAX_LEADS = 16;
/** A stream that is so far back is another one. */
const RESTART_S = 5;
/** Beyond it nothing is an ECG, and a filter would ring for minutes. */
const MAX_MV = 500;

export class BedTrace implements StripSignal {
  readonly rateHz = PIPELINE_RATE_HZ;
  readonly beats = new Bounded<StripBeat>(MAX_BEATS);
  readonly peaks = new Bounded<{ readonly sample: number }>(1);
  readonly holes = new Bounded<Hole>(MAX_HOLES);
  readonly #ring = new WaveRing(RING_SAMPLES);
  readonly leads: readonly StripLead[] = [{ name: '', shown: this.#ring }];
  readonly #qualities = new QualityTrack();
  readonly #filter = new DisplayFilter('monitor', 'none', PIPELINE_RATE_HZ);
  #leadNames: readonly string[] = [];
  #analysed = 0;
  #run = '';
  /** Grows when what is drawn has to be drawn again. */
  revision = 0;

  get end(): number {
    return this.#ring.end;
  }

  leadsAre(names: readonly string[]): void {
    this.#leadNames = names;
  }

  lead({ analysed, quality, since_sample }: BedLead): void {
    const index = analysed === null ? 0 : Math.max(0, this.#leadNames.indexOf(analysed));
    if (index !== this.#analysed) this.forget();
    this.#analysed = index;
    this.#setQuality(since_sample ?? this.end, quality);
  }

  /** @returns false when it is no waveform */
  wave(payload: Uint8Array): boolean {
    let found = false;
    for (let at = 0, leads = 0; at < payload.length; leads++) {
      if (leads === MAX_LEADS || at + WAVE_HEADER_BYTES > payload.length) return false;
      const count = payload[at + 2]! + 256 * payload[at + 3]!;
      const end = at + WAVE_HEADER_BYTES + 2 * count;
      // MQTT.js hands over Buffers, whose own slice is a view of more.
      const { buffer, byteOffset } = payload;
      const frame = decodeWaveFrame(buffer.slice(byteOffset + at, byteOffset + end) as ArrayBuffer);
      if (frame === null || !Number.isSafeInteger(frame.first)) return false;
      if (frame.lead === this.#analysed) {
        this.#write(frame);
        found = true;
      }
      at = end;
    }
    return found;
  }

  beat({ id, ...beat }: Read<'beat'>): void {
    const run = id.slice(0, id.lastIndexOf('-'));
    if (run !== this.#run) this.beats.clear();
    this.#run = run;
    this.beats.add(beat);
  }

  states(_lead: number, from: number, to: number): Iterable<QualityStretch> {
    return this.#qualities.between(from, to);
  }

  forget(): void {
    this.#ring.clear();
    this.beats.clear();
    this.holes.clear();
    this.#qualities.changes.clear();
    this.#filter.interrupt();
    this.revision++;
  }

  #write({ first, samples }: WaveFrame): void {
    const { end } = this.#ring;
    if (end > 0 && (first < end - RESTART_S * this.rateHz || first > end + RING_SAMPLES)) this.forget();
    if (first !== this.#ring.end) this.#filter.interrupt();
    if (this.#ring.end > 0 && first > this.#ring.end) {
      this.holes.add({ sample: this.#ring.end, end: first, cause: 'not received' });
      this.revision++;
    }
    for (let i = 0; i < samples.length; i++) {
      if (!(Math.abs(samples[i]!) <= MAX_MV)) samples[i] = Number.NaN;
    }
    this.#filter.process(samples, samples);
    this.#ring.write(first, samples);
  }

  #setQuality(sample: number, quality: LeadQuality): void {
    if (this.#qualities.changes.items.at(-1)?.quality === quality) return;
    this.#qualities.changes.add({ sample, quality });
    this.revision++;
  }
}
