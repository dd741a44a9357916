/** Episodes of each rhythm that the annotations name, across the places where recordings were cut. */
import type { Annotation } from '../wfdb/annotation.ts';
import { AnnotationCode } from '../wfdb/annotation-codes.ts';
import { type HolterRecording, type ReadRecording, readableWithin } from './recording.ts';
import type { RhythmEpisode, RhythmShare } from './report.ts';

/** A recording that begins this soon after another goes on with it. */
const SAME_S = 1;
/** More episodes of a rhythm are counted, not kept. */
const KEPT = 1000;
/** Sinus or "nothing else was seen": no episode of anything. */
const ORDINARY = ['N', 'NSR', 'SBR'];

interface Kept {
  episodes: number;
  totalS: number;
  open: { place: Omit<RhythmEpisode, 'duration_s'>; untilS: number; readableS: number } | null;
  list: RhythmEpisode[];
}

export class RhythmEpisodes {
  readonly #rhythms = new Map<string, Kept>();
  #isTold = false;

  /** Somebody looked for rhythms in some of it. */
  get isTold(): boolean {
    return this.#isTold;
  }

  /** @param onReadable told of each readable piece of an episode, in seconds of the report */
  add(
    recording: HolterRecording,
    { unreadable }: ReadRecording,
    index: number,
    onReadable: (rhythm: string, fromS: number, toS: number) => void,
  ): void {
    const { annotations, sampleCount, rateHz, fromS, tellsRhythms } = recording;
    if (tellsRhythms) this.#isTold = true;
    const take = (rhythm: string, from: number, to: number) => {
      this.#isTold = true;
      if (to <= from || ORDINARY.includes(rhythm)) return;
      const readableS = readableWithin(unreadable, from, to) / rateHz;
      onReadable(rhythm, fromS + from / rateHz, fromS + from / rateHz + readableS);
      this.#take(
        rhythm,
        { at_s: fromS + from / rateHz, recording: index, sample: from },
        fromS + to / rateHz,
        readableS,
      );
    };
    let standing = null as { rhythm: string; from: number } | null;
    for (const { sample, code, aux } of annotations) {
      const rhythm = rhythmOf(code, aux);
      if (rhythm === null) continue;
      const at = Math.min(sampleCount, Math.max(0, sample));
      if (standing?.rhythm === rhythm) continue;
      if (standing !== null) take(standing.rhythm, standing.from, at);
      standing = { rhythm, from: at };
    }
    if (standing !== null) take(standing.rhythm, standing.from, sampleCount);
  }

  /** @param readableS of the whole report */
  shares(readableS: number): RhythmShare[] {
    return [...this.#rhythms.entries()]
      .map(([rhythm, kept]) => ({ rhythm, kept: closed(kept) }))
      .filter(({ kept }) => kept.list.length > 0)
      .map(({ rhythm, kept: { episodes, totalS, list } }) => ({
        rhythm,
        episodes,
        total_s: totalS,
        share: readableS > 0 ? Math.min(1, totalS / readableS) : null,
        longest: list.reduce((best, episode) => (episode.duration_s > best.duration_s ? episode : best)),
      }))
      .sort((a, b) => b.total_s - a.total_s);
  }

  /** Those of one rhythm, in time order. */
  episodesOf(rhythm: string): readonly RhythmEpisode[] {
    const kept = this.#rhythms.get(rhythm);
    return kept === undefined ? [] : closed(kept).list;
  }

  #take(rhythm: string, place: Omit<RhythmEpisode, 'duration_s'>, untilS: number, readableS: number): void {
    const kept = this.#rhythms.get(rhythm) ?? { episodes: 0, totalS: 0, open: null, list: [] };
    this.#rhythms.set(rhythm, kept);
    const { open } = kept;
    const goesOn =
      open !== null && open.place.recording !== place.recording && place.at_s - open.untilS <= SAME_S;
    if (goesOn) {
      open.untilS = untilS;
      open.readableS += readableS;
      return;
    }
    Object.assign(kept, closed(kept), { open: { place, untilS, readableS } });
  }
}

/** What it is when nothing more comes. */
function closed({ episodes, totalS, open, list }: Kept): Kept {
  if (open === null) return { episodes, totalS, open: null, list };
  const episode = { ...open.place, duration_s: open.untilS - open.place.at_s };
  return {
    episodes: episodes + 1,
    totalS: totalS + open.readableS,
    open: null,
    list: list.length < KEPT ? [...list, episode] : list,
  };
}

/** `(AFIB` -> `AFIB`; null for what is no rhythm. */
function rhythmOf(code: number, aux: Annotation['aux']): string | null {
  if (code !== AnnotationCode.rhythm || aux === null || !aux.startsWith('(')) return null;
  return aux.slice(1).replace(/\0.*$/, '').trim();
}
