/**
 * The recordings on disk: WFDB records cut by hour, their time from the header. Looked up anew at most
 * every few seconds; a header that cannot be read is left out and counted, never an error for the reader.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseHeader, type RecordHeader } from '@rhythmd/ecg/wfdb/header.ts';
import { startOf } from '@rhythmd/ecg/wfdb/record-time.ts';
import { isRegularFile } from '@rhythmd/shell/regular-file.ts';
import { JOURNAL } from '../../corrections/journal.ts';

const FRESH_MS = 2000;

export interface Recording {
  /** Without extension. */
  readonly path: string;
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly rateHz: number;
  readonly leads: readonly string[];
  /** Changes when a file of it does. */
  readonly version: string;
  /** Changes when its signal does: a correction leaves it as it is. */
  readonly signalVersion: string;
}

export class RecordingIndex {
  readonly #folder: string;
  #listedAtMs = Number.NEGATIVE_INFINITY;
  #recordings: readonly Recording[] = [];
  /** Headers that could not be read at the last look. */
  unreadable = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Oldest first. */
  list(): readonly Recording[] {
    if (performance.now() - this.#listedAtMs < FRESH_MS) return this.#recordings;
    this.#listedAtMs = performance.now();
    this.unreadable = 0;
    const found: Recording[] = [];
    for (const path of headersBelow(this.#folder)) {
      const recording = this.#read(path);
      if (recording) found.push(recording);
    }
    this.#recordings = found.sort((a, b) => a.startMs - b.startMs);
    return this.#recordings;
  }

  /** Something was written: the next look is a new one. */
  refresh(): void {
    this.#listedAtMs = Number.NEGATIVE_INFINITY;
  }

  /** Those that touch [fromMs, toMs). */
  between(fromMs: number, toMs: number): Recording[] {
    return this.list().filter(({ startMs, endMs }) => startMs < toMs && endMs > fromMs);
  }

  /** null when nothing was recorded then. */
  coveringMost(fromMs: number, toMs: number): Recording | null {
    const cover = ({ startMs, endMs }: Recording) => Math.min(endMs, toMs) - Math.max(startMs, fromMs);
    return this.between(fromMs, toMs).sort((a, b) => cover(b) - cover(a))[0] ?? null;
  }

  #read(path: string): Recording | null {
    try {
      if (!isRegularFile(`${path}.hea`)) return null;
      const header = parseHeader(readFileSync(`${path}.hea`), `${path}.hea`);
      const startMs = startOf(header);
      const sampleCount = header.sampleCount ?? samplesOnDisk(path, header);
      if (startMs === null || header.signals.length === 0) return null;
      return {
        path,
        name: header.name,
        startMs,
        endMs: startMs + (sampleCount / header.rateHz) * 1000,
        rateHz: header.rateHz,
        leads: header.signals.map((signal, i) => signal.description || `signal ${i}`),
        signalVersion: fileVersion(`${path}.dat`),
        version: [`${path}.dat`, `${path}.atr`, `${path}.${JOURNAL}`].map(fileVersion).join(' '),
      };
    } catch {
      this.unreadable++;
      return null;
    }
  }
}

/** One folder deep is enough for recordings sorted by day. */
function headersBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.hea'))
      .map((name) => join(folder, name.slice(0, -'.hea'.length)));
  } catch {
    return [];
  }
}

/** Bytes per sample of the formats we read: 212 packs two in three bytes. */
function samplesOnDisk(path: string, { signals }: RecordHeader): number {
  const bytes = statSync(`${path}.dat`).size - (signals[0]?.byteOffset ?? 0);
  const format = signals[0]?.format ?? 16;
  const bytesPerValue = format === 212 ? 1.5 : format === 80 ? 1 : 2;
  return Math.floor(bytes / bytesPerValue / signals.length);
}

function fileVersion(path: string): string {
  try {
    const { mtimeMs, size } = statSync(path);
    return `${mtimeMs}:${size}`;
  } catch {
    return '-';
  }
}
