/** One recording: at most an hour of one stream, with its annotations. */
import { join } from 'node:path';
import type { Samples } from '@rhythmd/ecg/types.ts';
import type { Annotation } from '@rhythmd/ecg/wfdb/annotation.ts';
import { AnnotationFile } from './annotation-file.ts';
import { type Layout, LOST_SAMPLE, MAX_COUNT, recordingName } from './layout.ts';
import { freeName, redate } from './redate.ts';
import { SignalFile } from './signal-file.ts';

/** Waits in memory for a slow disk; beyond it samples are lost, and counted. */
export const MAX_PENDING_S = 60;

/**
 * What a flush waits for until the disk has it: everything is written each time, which a crash of the program survives;
 * a power cut takes what the disk was not waited for.
 */
export type Durable = 'nothing' | 'signals' | 'all';

export interface SegmentOptions {
  readonly folder: string;
  readonly layout: Layout;
  /** Index of the first sample in the source's own rate, and its wall time. */
  readonly first: number;
  readonly startMs: number;
  readonly sync: boolean;
}

export class Segment {
  readonly first: number;
  readonly #options: SegmentOptions;
  readonly #pending: Int16Array;
  readonly #earlyAnnotations: Annotation[] = [];
  #pendingFrames = 0;
  #end: number;
  #signals: SignalFile | null = null;
  #annotations: AnnotationFile | null = null;
  #name: string | null = null;
  #startMs: number;
  /** By how much the clock was set since its files say when it began. */
  #shiftMs = 0;
  #clipped = 0;
  #toldUntil = -1;

  constructor(options: SegmentOptions) {
    const { layout, first } = options;
    this.#options = options;
    this.first = first;
    this.#end = first;
    this.#startMs = options.startMs;
    this.#pending = new Int16Array(Math.ceil(layout.rateHz * MAX_PENDING_S) * layout.leads.length);
  }

  /** null until the first flush. */
  get name(): string | null {
    return this.#name;
  }

  /** Wall time of its first sample, as far as is known. */
  get startMs(): number {
    return this.#startMs;
  }

  /** The clock was set: it began at another time. The next flush renames its files. */
  redate(shiftMs: number): void {
    this.#startMs += shiftMs;
    if (this.#name !== null) this.#shiftMs += shiftMs;
  }

  /** Index after the newest sample, written or not. */
  get end(): number {
    return this.#end;
  }

  get clipped(): number {
    return this.#clipped;
  }

  get annotationsDropped(): number {
    return this.#annotations?.dropped ?? 0;
  }

  /** Samples per lead that are not on disk. */
  get pending(): number {
    return this.#pendingFrames;
  }

  /** Frames it can still take. */
  get room(): number {
    return this.#pending.length / this.#options.layout.leads.length - this.#pendingFrames;
  }

  /** Half of the room is gone: time to write. */
  get isFilling(): boolean {
    return this.room * this.#options.layout.leads.length < this.#pending.length / 2;
  }

  /** Takes `count` samples from `offset` on; the caller has looked at `room`. */
  push(samples: Samples, offset: number, count: number): void {
    const { leads } = this.#options.layout;
    for (let lead = 0; lead < leads.length; lead++) {
      const { gain } = leads[lead]!;
      const values = samples.leads[lead]!;
      let to = this.#pendingFrames * leads.length + lead;
      for (let i = offset; i < offset + count; i++, to += leads.length) {
        this.#pending[to] = this.#countOf(values[i]! * gain);
      }
    }
    this.#advance(count);
  }

  /** `count` samples that were lost: the time they took stays. */
  pushLost(count: number): void {
    const leads = this.#options.layout.leads.length;
    const from = this.#pendingFrames * leads;
    this.#pending.fill(LOST_SAMPLE, from, from + count * leads);
    this.#advance(count);
  }

  /** @param annotation positions counted from the stream's start; one before this recording stands at its beginning */
  annotate(annotation: Annotation): void {
    const sample = Math.max(0, annotation.sample - this.first);
    const own = { ...annotation, sample };
    this.#toldUntil = Math.max(this.#toldUntil, sample);
    if (this.#annotations === null) this.#earlyAnnotations.push(own);
    else this.#annotations.add(own);
  }

  /** Sample, of its own, of the last annotation that it was told of; -1: of none. */
  get toldUntil(): number {
    return this.#toldUntil;
  }

  /**
   * @param toldUntil annotations behind this sample wait
   * @returns bytes written. @throws what the disk says; nothing is lost, flush again
   */
  flush(durable: Durable, toldUntil: number): Promise<number> {
    return this.#flush(durable, false, toldUntil);
  }

  async #flush(durable: Durable, isLast: boolean, toldUntil = Number.POSITIVE_INFINITY): Promise<number> {
    if (this.#pendingFrames === 0 && this.#signals === null) return 0;
    const { signals, annotations } = await this.#files();
    if (this.#shiftMs !== 0) await this.#rename(signals, annotations);
    const leads = this.#options.layout.leads.length;
    const frames = this.#pendingFrames;
    const bytes = await signals.append(this.#pending.slice(0, frames * leads), durable !== 'nothing');
    this.#pending.copyWithin(0, frames * leads, this.#pendingFrames * leads);
    this.#pendingFrames -= frames;
    return bytes + (await annotations.flush(durable === 'all', isLast, toldUntil));
  }

  /** Nothing more will come: the rest is written, and its header counts it. @returns, @throws as flush does */
  async finish(): Promise<number> {
    const bytes = await this.#flush('all', true);
    return bytes + ((await this.#signals?.finish()) ?? 0);
  }

  async close(): Promise<void> {
    await this.#signals?.close();
    await this.#annotations?.close();
  }

  /** A recording that never got a sample leaves no file. */
  async #files(): Promise<{ signals: SignalFile; annotations: AnnotationFile }> {
    if (this.#signals !== null && this.#annotations !== null) {
      return { signals: this.#signals, annotations: this.#annotations };
    }
    const { folder, layout, sync } = this.#options;
    const startMs = this.#startMs;
    const name = await freeName(folder, recordingName(startMs));
    const path = join(folder, name);
    const annotations = new AnnotationFile(`${path}.atr`, sync);
    const signals = new SignalFile(path, name, startMs, layout, sync);
    // The header comes last: what has one is a recording, and whoever opens it finds all of its files.
    await annotations.create();
    try {
      await signals.create();
    } catch (error) {
      await annotations.discard();
      throw error;
    }
    for (const annotation of this.#earlyAnnotations) annotations.add(annotation);
    this.#earlyAnnotations.length = 0;
    this.#signals = signals;
    this.#annotations = annotations;
    this.#name = name;
    // The clock was set while the files were made.
    this.#shiftMs = this.#startMs - startMs;
    return { signals, annotations };
  }

  async #rename(signals: SignalFile, annotations: AnnotationFile): Promise<void> {
    const { folder, sync } = this.#options;
    const shiftMs = this.#shiftMs;
    const { name, startMs, notes } = await redate(folder, this.#name!, shiftMs, sync);
    this.#shiftMs -= shiftMs;
    this.#name = name;
    const path = join(folder, name);
    signals.moved(path, name, startMs, notes);
    annotations.moved(`${path}.atr`);
  }

  #countOf(value: number): number {
    if (Number.isNaN(value)) return LOST_SAMPLE;
    const count = Math.round(value);
    if (count > MAX_COUNT || count < -MAX_COUNT) {
      this.#clipped++;
      return count > 0 ? MAX_COUNT : -MAX_COUNT;
    }
    return count;
  }

  #advance(count: number): void {
    this.#pendingFrames += count;
    this.#end += count;
  }
}
