/**
 * Records of several segments. Source: header(5), "Multi-segment records".
 *
 *   fixed layout     every segment has the same signals in the same order, with the same gain
 *   variable layout  the first segment has no samples: it is the layout, whose header names every signal that any segment
 *                    has (file name `~`). The others have some of them, found by their description, each with a gain of
 *                    its own: their samples are brought to the layout's.
 */
import { RhythmdError } from '../errors.ts';
import { NOTHING, type RecordHeader, type SignalHeader } from './header.ts';
import { millivoltsPerUnit } from './units.ts';

export interface Stretch {
  /** Header of the segment; null: the record's own (it has no segments); `~`: a gap. */
  readonly segment: string | null;
  readonly firstFrame: number;
  readonly frameCount: number;
}

export class Layout {
  readonly signals: readonly SignalHeader[];
  readonly isVariable: boolean;
  readonly stretches: readonly Stretch[];
  readonly frameCount: number;

  constructor(signals: readonly SignalHeader[], isVariable: boolean, stretches: readonly Stretch[]) {
    this.signals = signals;
    this.isVariable = isVariable;
    this.stretches = stretches;
    const last = stretches.at(-1);
    this.frameCount = last === undefined ? 0 : last.firstFrame + last.frameCount;
  }

  /** The stretch that holds a frame. */
  at(frame: number): number {
    let low = 0;
    let high = this.stretches.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.stretches[middle]!.firstFrame <= frame) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** @param readSegment its header, for the segment that says what signals there are */
export function layoutOf(header: RecordHeader, readSegment: (name: string) => RecordHeader): Layout {
  const { segments, signals, sampleCount } = header;
  if (segments === null) {
    return new Layout(signals, false, [{ segment: null, firstFrame: 0, frameCount: sampleCount ?? 0 }]);
  }
  const isVariable = segments[0]?.sampleCount === 0;
  const describing = segments.find(({ name }) => name !== NOTHING);
  const stretches: Stretch[] = [];
  let firstFrame = 0;
  for (const { name, sampleCount: frameCount } of isVariable ? segments.slice(1) : segments) {
    if (frameCount > 0) stretches.push({ segment: name, firstFrame, frameCount });
    firstFrame += frameCount;
  }
  return new Layout(
    describing === undefined ? [] : readSegment(describing.name).signals,
    isVariable,
    stretches,
  );
}

/** Where a segment's signal goes: value * scale + offset. */
export interface PlacedSignal {
  readonly from: number;
  readonly to: number;
  readonly scale: number;
  readonly offset: number;
}

/** @throws RhythmdError E_WFDB_HEADER when a segment does not fit the record's layout */
export function placeSignals(segment: RecordHeader, layout: Layout, name: string): PlacedSignal[] {
  if (!layout.isVariable && segment.signals.length !== layout.signals.length) {
    throw new RhythmdError(
      'E_WFDB_HEADER',
      `${name} has ${segment.signals.length} signals, the record's first segment ${layout.signals.length}`,
    );
  }
  return segment.signals.flatMap((signal, from) => {
    const to = layout.isVariable ? placeOf(signal, layout.signals) : from;
    const target = layout.signals[to];
    if (signal.fileName === NOTHING || target === undefined) return [];
    const unit = (millivoltsPerUnit(signal.units) ?? 1) / (millivoltsPerUnit(target.units) ?? 1);
    const scale = (unit * target.gain) / signal.gain;
    return [{ from, to, scale, offset: target.baseline - signal.baseline * scale }];
  });
}

/** By description and, where a description is there more than once, by its unit too; -1: the layout has no such signal. */
function placeOf(signal: SignalHeader, signals: readonly SignalHeader[]): number {
  const exact = signals.findIndex(
    ({ description, units }) => description === signal.description && units === signal.units,
  );
  return exact >= 0 ? exact : signals.findIndex(({ description }) => description === signal.description);
}
