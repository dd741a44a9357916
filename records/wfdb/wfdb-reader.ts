/** A WFDB record: one header with its signal files, or several segments one after the other with gaps between them. */
import { basename, dirname } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { deliver, deliveredPerFrame } from '@rhythmd/ecg/wfdb/frame-rates.ts';
import { NOTHING, parseHeader, type RecordHeader } from '@rhythmd/ecg/wfdb/header.ts';
import { type Layout, layoutOf, type PlacedSignal, placeSignals } from '@rhythmd/ecg/wfdb/segments.ts';
import { isLost, LOST_SAMPLE } from '@rhythmd/ecg/wfdb/signal-formats.ts';
import { fileBeside, readRecordFile } from '../record-file.ts';
import { leadNamesOf, type RecordReader, type Warn } from '../record-reader.ts';
import { SegmentReader } from './segment-reader.ts';

export class WfdbReader implements RecordReader {
  readonly name: string;
  readonly path: string;
  readonly container = 'WFDB';
  readonly header: RecordHeader;
  readonly rateHz: number;
  readonly sampleCount: number;
  readonly leadNames: readonly string[];
  readonly annotations = null;
  readonly #layout: Layout;
  readonly #perFrame: number;
  readonly #warn: Warn;
  /** One segment is open at a time: a record may have thousands. */
  #open: { readonly index: number; readonly reader: SegmentReader; readonly places: PlacedSignal[] } | null =
    null;

  /**
   * @param path without extension
   * @throws RhythmdError E_RECORD_READ, E_RECORD_PATH, E_WFDB_HEADER, E_WFDB_UNSUPPORTED, E_WFDB_TRUNCATED
   */
  constructor(path: string, warn: Warn) {
    this.name = basename(path);
    this.path = path;
    this.#warn = warn;
    const own = readWfdbHeader(path);
    this.#layout = layoutOf(own, (name) => readWfdbHeader(this.#segmentPath(name)));
    const { signals } = this.#layout;
    this.#perFrame = deliveredPerFrame(signals);
    // A record in one piece may not say how long it is: its files do.
    const frames = own.segments === null ? this.#openSegment(0)!.reader.frameCount : this.#layout.frameCount;
    this.header = { ...own, signals };
    this.rateHz = own.rateHz * this.#perFrame;
    this.sampleCount = frames * this.#perFrame;
    this.leadNames = leadNamesOf(this.header);
  }

  read(first: number, count: number): Int32Array<ArrayBuffer>[] {
    const length = Math.max(0, Math.min(count, this.sampleCount - first));
    const out = this.header.signals.map(() => new Int32Array(length).fill(LOST_SAMPLE));
    const perFrame = this.#perFrame;
    for (
      let index = this.#layout.at(Math.floor(first / perFrame));
      index < this.#layout.stretches.length;
      index++
    ) {
      const stretch = this.#layout.stretches[index]!;
      const start = stretch.firstFrame * perFrame;
      if (start >= first + length) break;
      const segment = this.#openSegment(index);
      if (segment === null) continue;
      const from = Math.max(first, start);
      const to = Math.min(
        first + length,
        start +
          Math.min(stretch.frameCount || segment.reader.frameCount, segment.reader.frameCount) * perFrame,
      );
      if (to > from) this.#readSegment(segment, from - start, to - from, out, from - first);
    }
    return out;
  }

  close(): void {
    this.#open?.reader.close();
    this.#open = null;
  }

  #readSegment(
    { reader, places }: { readonly reader: SegmentReader; readonly places: readonly PlacedSignal[] },
    first: number,
    count: number,
    out: readonly Int32Array[],
    at: number,
  ): void {
    const perFrame = this.#perFrame;
    const firstFrame = Math.floor(first / perFrame);
    const frames = Math.ceil((first + count) / perFrame) - firstFrame;
    const stored = reader.read(firstFrame, frames);
    for (const { from, to, scale, offset } of places) {
      const { samplesPerFrame } = reader.header.signals[from]!;
      const values = deliver(stored[from]!, samplesPerFrame, perFrame, first - firstFrame * perFrame, count);
      if (scale !== 1 || offset !== 0) {
        for (let i = 0; i < count; i++) {
          if (!isLost(values[i]!)) values[i] = Math.round(values[i]! * scale + offset);
        }
      }
      out[to]!.set(values, at);
    }
  }

  /** null: nothing was recorded there. */
  #openSegment(index: number): { readonly reader: SegmentReader; readonly places: PlacedSignal[] } | null {
    const { segment } = this.#layout.stretches[index]!;
    if (segment === NOTHING) return null;
    if (this.#open?.index === index) return this.#open;
    this.close();
    const path = segment === null ? this.path : this.#segmentPath(segment);
    const header = readWfdbHeader(path);
    if (header.segments !== null) {
      throw new RhythmdError('E_WFDB_HEADER', `${path}.hea: a segment has segments itself`);
    }
    const places = placeSignals(header, this.#layout, `${path}.hea`);
    this.#open = { index, reader: new SegmentReader(path, header, this.#warn), places };
    return this.#open;
  }

  #segmentPath(name: string): string {
    return fileBeside(dirname(this.path), `${name}.hea`, `${this.path}.hea`).slice(0, -'.hea'.length);
  }
}

/** @param path without extension. @throws RhythmdError E_RECORD_READ, E_WFDB_HEADER */
export function readWfdbHeader(path: string): RecordHeader {
  return parseHeader(readRecordFile(`${path}.hea`), `${basename(path)}.hea`);
}
