/** From the bytes of our own frame (layout in `native-frame.ts`) to samples; bounded in memory and in time. */
import type { Samples, StreamDescription } from '../types.ts';
import { type BoardDecoder, type DecoderOptions, forgiveBanner, newFrameStatistics } from './board.ts';
import { cobsDecode } from './cobs.ts';
import {
  FrameType,
  type Hello,
  isIntact,
  MAX_BLOCK,
  MAX_CHANNELS,
  MAX_FRAME,
  MAX_SAMPLES,
  NATIVE_VERSION,
  readHello,
  SAMPLES_HEADER,
} from './native-frame.ts';
import { SampleBatch } from './sample-batch.ts';

/** A frame this many behind the last one, or fewer, is a late copy and no restart of the board. */
const DUPLICATE_WINDOW = 8;
/** Device time and sequence run off one clock: they may disagree by this much about the length of a loss. */
const LOSS_TOLERANCE = 0.001;
/** A hello with sequence 0 and less time than this is the first after switching on. */
const BOOT_US = 1_000_000;
const SEQUENCE_RANGE = 0x10000;

export class NativeDecoder implements BoardDecoder {
  readonly statistics = newFrameStatistics();
  readonly #options: DecoderOptions;
  readonly #block = new Uint8Array(MAX_BLOCK);
  readonly #frame = new Uint8Array(MAX_FRAME);
  readonly #view = new DataView(this.#frame.buffer);
  #blockLength = 0;
  #skipping = false;
  #discardedSinceGood = 0;
  #hello: Hello | null = null;
  #batch: SampleBatch | null = null;
  #millivoltsPerCount = 0;
  /** Of the last samples frame; -1 before the first hello. */
  #sequence = -1;
  #timeUs = 0;
  #samplesInFrame = 0;

  constructor(options: DecoderOptions = {}) {
    this.#options = options;
  }

  push(
    bytes: Uint8Array,
    _arrivalMs: number,
    onSamples: (samples: Samples) => void,
    onDescription?: (description: StreamDescription) => void,
  ): void {
    this.statistics.bytes += bytes.length;
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i]!;
      if (byte === 0) {
        this.#endOfBlock(onSamples, onDescription);
      } else if (this.#skipping) {
        this.#discard(1);
      } else if (this.#blockLength === MAX_BLOCK) {
        this.statistics.oversize++;
        this.#skipping = true;
        this.#discard(this.#blockLength + 1);
      } else {
        this.#block[this.#blockLength++] = byte;
      }
    }
    this.#batch?.flush(onSamples);
  }

  lineBroke(): void {
    this.#discard(this.#blockLength);
    this.#blockLength = 0;
    this.#skipping = false;
  }

  #discard(count: number): void {
    this.statistics.bytesDiscarded += count;
    this.#discardedSinceGood += count;
  }

  #endOfBlock(
    onSamples: (samples: Samples) => void,
    onDescription?: (description: StreamDescription) => void,
  ): void {
    const blockLength = this.#blockLength;
    this.#blockLength = 0;
    if (this.#skipping) {
      this.#skipping = false;
      this.#discard(1);
      return;
    }
    // An empty block is a sender making sure of the boundary.
    if (blockLength === 0) return;
    const length = cobsDecode(this.#block, blockLength, this.#frame);
    if (length < 0 || !isIntact(this.#frame, length)) {
      this.statistics.badChecksum++;
      this.#discard(blockLength + 1);
      return;
    }
    if (this.statistics.good === 0) forgiveBanner(this.statistics);
    else if (this.#discardedSinceGood > 0) this.statistics.resynchronised++;
    this.#discardedSinceGood = 0;
    if (!this.#isKnown(length)) {
      this.statistics.unknown++;
      return;
    }
    this.statistics.good++;
    if (this.#frame[1] === FrameType.hello) this.#takeHello(length, onSamples, onDescription);
    else this.#takeSamples(onSamples);
  }

  #isKnown(length: number): boolean {
    const frame = this.#frame;
    if (frame[0] !== NATIVE_VERSION) return false;
    if (frame[1] === FrameType.hello) return readHello(frame, length) !== null;
    if (frame[1] !== FrameType.samples || length < SAMPLES_HEADER) return false;
    const channels = frame[9]!;
    const samples = frame[10]!;
    if (channels < 1 || channels > MAX_CHANNELS || samples < 1 || samples > MAX_SAMPLES) return false;
    return length === SAMPLES_HEADER + 3 * channels * samples + 2;
  }

  #takeHello(
    length: number,
    onSamples: (samples: Samples) => void,
    onDescription?: (description: StreamDescription) => void,
  ): void {
    const hello = readHello(this.#frame, length);
    const sequence = this.#view.getUint16(2, true);
    const timeUs = this.#view.getUint32(4, true);
    const booted = sequence === 0 && timeUs < BOOT_US;
    if (this.#sequence < 0) {
      this.#expectFrom(sequence, timeUs);
    } else if (booted && this.#timeUs > BOOT_US) {
      this.statistics.restarts++;
      this.#expectFrom(sequence, timeUs);
    }
    if (hello === null || (this.#hello !== null && sameHello(hello, this.#hello))) return;
    this.#batch?.flush(onSamples);
    this.#hello = hello;
    const rateHz = this.#options.rateHz ?? hello.rateHz;
    const microvoltsPerCount = this.#options.microvoltsPerCount ?? hello.microvoltsPerCount;
    this.#millivoltsPerCount = microvoltsPerCount / 1000;
    this.#batch = new SampleBatch(hello.leadNames.length, rateHz, this.#batch?.nextIndex ?? 0);
    onDescription?.({
      board: hello.board,
      rateHz,
      leadNames: hello.leadNames,
      microvoltsPerCount: hello.leadNames.map(() => microvoltsPerCount),
      firmware: hello.firmware,
    });
  }

  /** A hello tells which frame comes next: a loss right after it is a loss too. */
  #expectFrom(sequence: number, timeUs: number): void {
    this.#sequence = (sequence - 1) & (SEQUENCE_RANGE - 1);
    this.#timeUs = timeUs;
    this.#samplesInFrame = 0;
  }

  #takeSamples(onSamples: (samples: Samples) => void): void {
    const batch = this.#batch;
    const frame = this.#frame;
    const channels = frame[9]!;
    const samples = frame[10]!;
    // Until a hello has said what the numbers mean (2 s at most) they mean nothing.
    if (batch === null || batch.leads.length !== channels) return;
    const lost = this.#lostBefore(samples);
    if (lost < 0) return;
    const flags = frame[8]!;
    let at = SAMPLES_HEADER;
    for (let s = 0; s < samples; s++) {
      const position = batch.next(flags, s === 0 ? lost : 0, onSamples);
      for (let c = 0; c < channels; c++) {
        const count = (frame[at]! | (frame[at + 1]! << 8) | (frame[at + 2]! << 16)) << 8;
        batch.leads[c]![position] = (count >> 8) * this.#millivoltsPerCount;
        at += 3;
      }
    }
  }

  /**
   * Samples missing before the frame at hand, by its sequence and, beyond 65,536 frames, by the device's
   * time; -1 for a copy of a frame already taken.
   */
  #lostBefore(samples: number): number {
    const sequence = this.#view.getUint16(2, true);
    const timeUs = this.#view.getUint32(4, true);
    const frames = (sequence - this.#sequence - 1) & (SEQUENCE_RANGE - 1);
    const elapsedUs = (timeUs - this.#timeUs) >>> 0;
    const perFrame = this.#samplesInFrame || samples;
    const byTime = (elapsedUs * (this.#hello?.rateHz ?? 0)) / 1e6 - this.#samplesInFrame;
    if (frames >= SEQUENCE_RANGE - DUPLICATE_WINDOW && -elapsedUs >>> 0 < 1e6) {
      this.statistics.duplicate++;
      return -1;
    }
    this.#sequence = sequence;
    this.#timeUs = timeUs;
    this.#samplesInFrame = samples;
    const turns = Math.max(0, Math.round((byTime / perFrame - frames) / SEQUENCE_RANGE));
    const bySequence = (frames + turns * SEQUENCE_RANGE) * perFrame;
    if (Math.abs(byTime - bySequence) > Math.max(2 * perFrame, LOSS_TOLERANCE * bySequence)) {
      // Sequence and time tell different stories: the board started again, and only arrival knows how long.
      this.statistics.restarts++;
      return 0;
    }
    this.statistics.lost += bySequence / perFrame;
    this.statistics.samplesLost += bySequence;
    return bySequence;
  }
}

function sameHello(a: Hello, b: Hello): boolean {
  return (
    a.rateHz === b.rateHz &&
    a.microvoltsPerCount === b.microvoltsPerCount &&
    a.board === b.board &&
    a.firmware === b.firmware &&
    a.leadNames.join() === b.leadNames.join()
  );
}
