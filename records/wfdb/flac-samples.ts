/**
 * Samples in a FLAC file (WFDB formats 508, 516, 524): each signal is a channel, several samples a frame follow each other
 * in it. Frames have no fixed size, so the file is decoded from its beginning; what comes before is decoded again only when
 * somebody goes back. Source: signal(5) of the WFDB Applications Guide, wfdb-python's `_rd_compressed_file`.
 */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { BitsEnded } from '@rhythmd/ecg/flac/bit-reader.ts';
import { type FlacFrame, readFrame } from '@rhythmd/ecg/flac/frame.ts';
import { INFO_ENDS_AT, parseStreamInfo, type StreamInfo, skipBlock } from '@rhythmd/ecg/flac/stream-info.ts';
import { DamagedFrame } from '@rhythmd/ecg/flac/subframe.ts';
import type { SignalFormat } from '@rhythmd/ecg/wfdb/signal-formats.ts';
import { RecordFile } from '../record-file.ts';
import type { StoredSamples } from './stored-samples.ts';

const MARK_BYTES = 4;
const BLOCK_HEADER_BYTES = 4;
/** Metadata may hold pictures and comments, but not for ever. */
const MAX_BLOCKS = 1000;
/** Bytes read at once. */
const CHUNK_BYTES = 64 * 1024;
/** The largest block of eight channels of 24 bits as they are has 1.6 MB. */
const MAX_FRAME_BYTES = 4 * 1024 * 1024;

export class FlacSamples implements StoredSamples {
  readonly count: number | null;
  readonly #file: RecordFile;
  readonly #info: StreamInfo;
  readonly #firstFrameAt: number;
  readonly #samplesPerFrame: number;
  /** The block decoded last: `#length` samples a channel from `#first` on. */
  readonly #block: readonly Int32Array[];
  #first = 0;
  #length = 0;
  /** Bytes of the file from `#chunkAt` on; the next frame begins at `#nextAt`. */
  #chunk: Uint8Array = new Uint8Array(0);
  #chunkAt = 0;
  #nextAt: number;

  /**
   * @param samplesPerFrame of each of its signals, which have to be alike
   * @throws RhythmdError E_RECORD_READ, E_WFDB_FLAC
   */
  constructor(path: string, format: SignalFormat, samplesPerFrame: readonly number[]) {
    this.#file = new RecordFile(path);
    try {
      this.#info = parseStreamInfo(this.#file.read(0, INFO_ENDS_AT), path);
      const { channels, bits, sampleCount, maxBlock } = this.#info;
      const [each = 1] = samplesPerFrame;
      if (channels !== samplesPerFrame.length || samplesPerFrame.some((other) => other !== each)) {
        throw this.#broken(`has ${channels} channels, its header has signals of other numbers or rates`);
      }
      if (bits > format.bits)
        throw this.#broken(`has samples of ${bits} bits, its header says ${format.bits}`);
      this.#samplesPerFrame = each;
      this.count = sampleCount === 0 ? null : sampleCount * channels;
      this.#firstFrameAt = this.#skipMetadata();
      this.#nextAt = this.#firstFrameAt;
      this.#block = samplesPerFrame.map(() => new Int32Array(maxBlock));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  read(first: number, count: number): Int32Array {
    const channels = this.#block.length;
    const frameSamples = channels * this.#samplesPerFrame;
    // Whole WFDB frames are asked for.
    const from = (first / frameSamples) * this.#samplesPerFrame;
    const wanted = Math.ceil(count / frameSamples) * this.#samplesPerFrame;
    if (from < this.#first) this.#rewind();
    const out = new Int32Array(wanted * channels);
    let done = 0;
    while (done < wanted) {
      const at = from + done - this.#first;
      if (at >= this.#length) {
        if (!this.#decodeNext()) break;
        continue;
      }
      const taken = Math.min(wanted - done, this.#length - at);
      for (let i = 0; i < taken; i++) this.#place(at + i, done + i, out);
      done += taken;
    }
    return out.subarray(0, Math.min(count, done * channels));
  }

  close(): void {
    this.#file.close();
  }

  /** Sample `at` of the block to where WFDB would interleave it. */
  #place(at: number, to: number, out: Int32Array): void {
    const each = this.#samplesPerFrame;
    const frame = Math.floor(to / each) * each * this.#block.length;
    for (let channel = 0; channel < this.#block.length; channel++) {
      out[frame + channel * each + (to % each)] = this.#block[channel]![at]!;
    }
  }

  #skipMetadata(): number {
    let at = MARK_BYTES;
    for (let block = 0; block < MAX_BLOCKS; block++) {
      const header = this.#file.read(at, BLOCK_HEADER_BYTES);
      if (header.length < BLOCK_HEADER_BYTES) break;
      const { next, isLast } = skipBlock(header, at);
      if (isLast) return next;
      at = next;
    }
    throw this.#broken('ends before its first frame');
  }

  #rewind(): void {
    this.#first = 0;
    this.#length = 0;
    this.#nextAt = this.#firstFrameAt;
  }

  /** @returns false at the end of the file */
  #decodeNext(): boolean {
    if (this.#nextAt >= this.#file.size) return false;
    for (let want = Math.max(CHUNK_BYTES, this.#info.maxFrame); ; want *= 2) {
      const frame = this.#tryFrame();
      if (frame !== null) {
        this.#first += this.#length;
        this.#length = frame.length;
        this.#nextAt += frame.bytes;
        return true;
      }
      if (this.#chunkAt === this.#nextAt && this.#chunkAt + this.#chunk.length >= this.#file.size) {
        throw this.#broken('is cut off');
      }
      if (want > MAX_FRAME_BYTES) throw this.#broken(`has no frame at byte ${this.#nextAt}`);
      this.#chunk = this.#file.read(this.#nextAt, want);
      this.#chunkAt = this.#nextAt;
    }
  }

  /** null: more bytes are needed. */
  #tryFrame(): FlacFrame | null {
    const at = this.#nextAt - this.#chunkAt;
    if (at < 0) return null;
    try {
      return readFrame(this.#chunk, at, this.#info, this.#block);
    } catch (error) {
      if (error instanceof BitsEnded) return null;
      if (error instanceof DamagedFrame) {
        throw this.#broken(`is damaged at byte ${this.#nextAt}: ${error.message}`);
      }
      throw error;
    }
  }

  #broken(what: string): RhythmdError {
    return new RhythmdError('E_WFDB_FLAC', `${this.#file.path} ${what}`, 'Fetch or copy the record again');
  }
}
