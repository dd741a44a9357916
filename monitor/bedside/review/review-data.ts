/** What review shows, from the recordings over the API; the last minutes from the page's own memory, which is newer. */

import { outline } from '@rhythmd/ecg/review/outline.ts';
import { type Trend, TrendBuilder } from '@rhythmd/ecg/review/trend.ts';
import type { AlertPriority, BeatLabel } from '@rhythmd/ecg/types.ts';
import { decodeWaveFrame, WAVE_HEADER_BYTES } from '@rhythmd/protocol/wave-frame.ts';
import type { LiveSignal } from '../../signal/live-signal.ts';
import type { Settings } from '../settings.ts';
import type { ReviewTemplate } from './template-plots.ts';
import { WindowSignal } from './window-signal.ts';

export const NO_VALUE = -32768;

export interface ReviewRhythm {
  readonly timeMs: number;
  /** As WFDB writes it, without the bracket. */
  readonly name: string;
}

export interface BeatsOfStretch {
  readonly timesMs: readonly number[];
  readonly labels: readonly (BeatLabel | null)[];
  /** The recorder's quality marks; empty from the page's memory, which keeps them with the waveform. */
  readonly qualityMarks: readonly { readonly timeMs: number; readonly text: string }[];
  /** Rhythms that begin in it, as they were recorded, and the one that holds at its beginning. */
  readonly rhythms: readonly ReviewRhythm[];
}

/** What was corrected in a stretch, the latest first. */
export interface ReviewCorrections {
  readonly revision: number;
  readonly corrections: readonly {
    readonly id: string;
    readonly t_ms: number;
    readonly by: string | null;
    readonly action: 'relabel' | 'confirm' | 'reject';
    readonly beats: number;
    readonly label: string | null;
    readonly note: string | null;
    readonly in_force: boolean;
  }[];
}

export type ReportState =
  | { readonly state: 'running'; readonly share: number }
  | { readonly state: 'failed'; readonly share: number; readonly message: string }
  | { readonly state: 'done'; readonly share: number; readonly pdf: string; readonly html: string };

export interface RecordedAlarm {
  readonly kind: string;
  readonly priority: AlertPriority;
}

interface RecordedBeats {
  readonly t_ms: readonly number[];
  readonly labels: readonly (BeatLabel | null)[];
  readonly marks: readonly { readonly t_ms: number; readonly kind: string; readonly text: string }[];
}

export class ReviewData {
  readonly #live: LiveSignal;
  readonly #settings: () => Readonly<Settings>;

  #isCorrected = false;

  constructor(live: LiveSignal, settings: () => Readonly<Settings>) {
    this.#live = live;
    this.#settings = settings;
  }

  /** From the oldest to the newest of recordings and live signal; null when there is nothing at all. */
  async extent(): Promise<{ readonly oldestMs: number; readonly newestMs: number } | null> {
    const response = await get('');
    const { recordings } = (await response.json()) as {
      recordings: { start_ms: number; end_ms: number }[];
    };
    // A replay at 10x is recorded by its own time, which runs ahead of the wall's; by the daemon's clock, for this computer's may be off.
    const last = recordings.at(-1)?.end_ms;
    const saidMs = Date.parse(response.headers.get('date') ?? '');
    const nowMs = Number.isNaN(saidMs) ? Date.now() : saidMs + 1000;
    const recorded = last === undefined ? null : Math.min(last, nowMs);
    const live = this.#live.timeOf(this.#live.end);
    if (live === null && recorded === null) return null;
    const starts = [recordings[0]?.start_ms, this.#live.timeOf(this.#live.start)];
    const known = starts.filter((ms) => ms !== undefined && ms !== null);
    return { oldestMs: Math.min(...known), newestMs: Math.max(live ?? 0, recorded ?? 0) };
  }

  async trend(fromMs: number, toMs: number, stepS: number): Promise<Trend> {
    const trend = (await (await get('/trend', fromMs, toMs, `&step_s=${stepS}`)).json()) as Trend;
    if (trend.recorded.some((share) => share > 0)) return trend;
    const startMs = this.#live.timeOf(this.#live.start);
    const endMs = this.#live.timeOf(this.#live.end);
    const builder = new TrendBuilder(fromMs, toMs, stepS);
    if (startMs !== null && endMs !== null) {
      const { rateHz, beats, start } = this.#live;
      const counted = beats.items.map(({ sample, label }) => ({ sample: sample - start, label }));
      builder.add(startMs, endMs, rateHz, counted);
    }
    return builder.build();
  }

  async beats(fromMs: number, toMs: number): Promise<BeatsOfStretch> {
    // The page's own memory is newer, but nobody has corrected it.
    if (!this.#isCorrected && this.#isLive(fromMs, toMs)) return this.#liveBeats(fromMs, toMs);
    const { t_ms, labels, marks } = await getJson<RecordedBeats>('/beats', fromMs, toMs);
    if (t_ms.length === 0) return this.#liveBeats(fromMs, toMs);
    const qualityMarks = marks
      .filter(({ kind }) => kind.startsWith('quality'))
      .map((mark) => ({ timeMs: mark.t_ms, text: mark.text }));
    const rhythms = marks
      .filter(({ kind, text }) => kind === '+' && /^\([A-Z]/.test(text))
      .map((mark) => ({ timeMs: mark.t_ms, name: mark.text.slice(1) }))
      .sort((a, b) => a.timeMs - b.timeMs);
    return { timesMs: t_ms.map((offset) => fromMs + offset), labels, qualityMarks, rhythms };
  }

  /** The waveform of some minutes with its beats. */
  async window(fromMs: number, toMs: number): Promise<WindowSignal> {
    const signal = this.#isLive(fromMs, toMs)
      ? this.#liveWindow(fromMs, toMs)
      : await this.#recordedWindow(fromMs, toMs);
    const { timesMs, labels, qualityMarks, rhythms } = await this.beats(fromMs, toMs);
    signal.addBeats(timesMs, labels);
    for (const { timeMs, text } of qualityMarks) signal.addQualityMark(timeMs, text);
    for (const { timeMs, name } of rhythms) signal.addRhythm(timeMs, name);
    return signal;
  }

  /** Pairs of lowest and highest microvolts of the first lead; see ecg/review/outline.ts. */
  async outline(fromMs: number, toMs: number, columns: number): Promise<Int16Array> {
    if (this.#isLive(fromMs, toMs)) return this.#liveOutline(fromMs, toMs, columns);
    const bytes = await get('/outline', fromMs, toMs, `&columns=${columns}`).then((response) =>
      response.arrayBuffer(),
    );
    const values = new Int16Array(bytes);
    return values.every((value) => value === NO_VALUE) ? this.#liveOutline(fromMs, toMs, columns) : values;
  }

  async templates(fromMs: number, toMs: number): Promise<readonly ReviewTemplate[]> {
    return (await getJson<{ templates: ReviewTemplate[] }>('/templates', fromMs, toMs)).templates;
  }

  async corrections(fromMs: number, toMs: number): Promise<ReviewCorrections> {
    const told = await getJson<ReviewCorrections>('/corrections', fromMs, toMs);
    this.#isCorrected = told.revision > 0;
    return told;
  }

  /** Begins it, or says how far it is. */
  report(fromMs: number, toMs: number): Promise<ReportState> {
    return getJson('/report', fromMs, toMs);
  }

  /** Alerts that stood in some of a stretch, as they were recorded. */
  async alarms(fromMs: number, toMs: number): Promise<readonly RecordedAlarm[]> {
    return (await getJson<{ alarms: RecordedAlarm[] }>('/alarms', fromMs, toMs)).alarms;
  }

  async stripPdf(fromMs: number, toMs: number): Promise<ArrayBuffer> {
    return (await get('/strip.pdf', fromMs, toMs)).arrayBuffer();
  }

  async #recordedWindow(fromMs: number, toMs: number): Promise<WindowSignal> {
    const response = await get('/wave', fromMs, toMs);
    const rateHz = Number(response.headers.get('x-rate-hz'));
    if (!rateHz) return this.#liveWindow(fromMs, toMs);
    const names = JSON.parse(decodeURIComponent(response.headers.get('x-leads') ?? '[]')) as string[];
    const length = Math.round(((toMs - fromMs) / 1000) * rateHz);
    const leads = names.map(() => new Float32Array(length).fill(Number.NaN));
    const bytes = await response.arrayBuffer();
    for (let at = 0; at < bytes.byteLength; ) {
      const end = at + WAVE_HEADER_BYTES + 2 * new DataView(bytes).getUint16(at + 2, true);
      const frame = decodeWaveFrame(bytes.slice(at, end));
      const lead = frame && leads[frame.lead];
      if (lead) lead.set(frame.samples.subarray(0, Math.max(0, length - frame.first)), frame.first);
      at = end;
    }
    return new WindowSignal(fromMs, rateHz, names, leads, this.#settings());
  }

  /** Whether all of it that can exist is still in the page's memory. */
  #isLive(fromMs: number, toMs: number): boolean {
    const startMs = this.#live.timeOf(this.#live.start);
    return startMs !== null && this.#live.end > 0 && fromMs >= startMs && toMs > fromMs;
  }

  #liveWindow(fromMs: number, toMs: number): WindowSignal {
    const { rateHz } = this.#live;
    const length = Math.round(((toMs - fromMs) / 1000) * rateHz);
    const first = this.#liveMiddle(fromMs, toMs) - (length >> 1);
    const leads = this.#live.leads.map(({ raw }) =>
      Float32Array.from({ length }, (_, i) => raw.at(first + i)),
    );
    const names = this.#live.leads.map(({ name }) => name);
    const signal = new WindowSignal(fromMs, rateHz, names, leads, this.#settings());
    this.#live.leads.forEach(({ qualities }, i) => {
      for (const { sample, quality } of qualities.changes.items) {
        signal.qualities[i]?.changes.add({ sample: sample - first, quality });
      }
    });
    return signal;
  }

  #liveOutline(fromMs: number, toMs: number, columns: number): Int16Array {
    const out = new Int16Array(2 * columns).fill(NO_VALUE);
    const samples = this.#liveWindow(fromMs, toMs).leads[0]?.samples;
    if (samples) outline(samples, 0, samples.length, columns, out);
    return out;
  }

  /**
   * The sample in the middle of a stretch. Around it times are counted at the signal's own rate, not by the wall: a
   * replay at 10x would otherwise be squeezed.
   */
  #liveMiddle(fromMs: number, toMs: number): number {
    return this.#live.sampleAt((fromMs + toMs) / 2) ?? 0;
  }

  #liveBeats(fromMs: number, toMs: number): BeatsOfStretch {
    const { rateHz, beats } = this.#live;
    const middle = this.#liveMiddle(fromMs, toMs);
    const middleMs = (fromMs + toMs) / 2;
    const placed = beats.items
      .map(({ sample, label }) => ({ timeMs: middleMs + ((sample - middle) / rateHz) * 1000, label }))
      .filter(({ timeMs }) => timeMs >= fromMs && timeMs < toMs);
    return {
      timesMs: placed.map(({ timeMs }) => timeMs),
      labels: placed.map(({ label }) => label),
      qualityMarks: [],
      rhythms: [],
    };
  }
}

async function get(path: string, fromMs?: number, toMs?: number, more = ''): Promise<Response> {
  const query =
    fromMs === undefined ? '' : `?from_ms=${Math.round(fromMs)}&to_ms=${Math.round(toMs!)}${more}`;
  const response = await fetch(`api/review${path}${query}`).catch(() => {
    throw new Error('The daemon cannot be reached: this is what it said before');
  });
  if (!response.ok) {
    // A proxy has words of its own.
    const told = (await response.json().catch(() => null)) as { error?: { message?: string } } | null;
    throw new Error(told?.error?.message ?? `the daemon answered ${response.status}`);
  }
  return response;
}

async function getJson<T>(path: string, fromMs?: number, toMs?: number): Promise<T> {
  return (await get(path, fromMs, toMs)).json() as Promise<T>;
}
