/**
 * The last seconds of waveform for pages that open later, as samples: frames are made when somebody comes. Kept as frames they
 * would live just long enough to be collected with the whole heap instead of young, a megabyte a minute.
 */
import { RingBuffer } from '@rhythmd/ecg/signal/ring-buffer.ts';
import { encodeWaveFrame } from '@rhythmd/protocol/wave-frame.ts';
import type { WaveBlock } from './wave-blocks.ts';

/** Fifteen seconds: a full sweep of a large screen at 25 mm/s. */
const WAVE_SAMPLES = 15 * 360;
/** A second: two TCP segments. */
const FRAME_SAMPLES = 360;
/** Those and the block that is being added. */
const CAPACITY = 8192;

/** Samples without a gap between them. */
interface Stretch {
  readonly first: number;
  end: number;
}

export class RecentWave {
  #rings: RingBuffer[] = [];
  readonly #stretches: Stretch[] = [];

  push({ first, count, leads }: WaveBlock): void {
    if (leads.length !== this.#rings.length) {
      this.#rings = leads.map(() => new RingBuffer(CAPACITY));
      this.#stretches.length = 0;
    }
    const last = this.#stretches.at(-1);
    if (last?.end === first) last.end += count;
    else {
      // What a ring holds before a gap stays readable only where it is filled: what lies between is nobody's.
      for (const ring of this.#rings) {
        if (first < ring.end || first - ring.end >= CAPACITY || last === undefined) ring.reset(first);
        else while (ring.end < first) ring.push(Number.NaN);
      }
      this.#stretches.push({ first, end: first + count });
    }
    for (const [lead, ring] of this.#rings.entries()) ring.pushAll(leads[lead]!, count);
    const oldest = first + count - WAVE_SAMPLES;
    while (this.#stretches[0]!.end <= oldest) this.#stretches.shift();
  }

  forget(): void {
    this.#stretches.length = 0;
  }

  /** Frames of all leads, oldest first, each lead's after the other's. */
  *frames(): IterableIterator<Uint8Array> {
    const samples = new Float32Array(FRAME_SAMPLES);
    const end = this.#stretches.at(-1)?.end ?? 0;
    for (const stretch of this.#stretches) {
      const from = Math.max(stretch.first, end - WAVE_SAMPLES, this.#rings[0]!.start);
      for (let first = from; first < stretch.end; first += FRAME_SAMPLES) {
        const count = Math.min(FRAME_SAMPLES, stretch.end - first);
        for (const [lead, ring] of this.#rings.entries()) {
          if (ring.read(first, count, samples)) yield encodeWaveFrame(lead, first, samples, count);
        }
      }
    }
  }
}
