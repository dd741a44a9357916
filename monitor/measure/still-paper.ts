/** A strip that can be measured and moved: the live one while frozen, the one in review always. */

import type { Layer } from '../strip/canvas.ts';
import type { StripColours } from '../strip/colours.ts';
import type { PaperLayout } from '../strip/layout.ts';
import type { StripSignal } from '../strip/strip-signal.ts';

export interface StillPaper {
  readonly element: HTMLElement;
  readonly overlay: Layer;
  readonly layout: PaperLayout;
  readonly colours: StripColours | null;
  /** false while the paper moves: nothing can be measured. */
  readonly frozen: boolean;
  /** What is shown, in samples. */
  readonly view: { readonly from: number; readonly to: number };
  /** Told whenever places on the paper change meaning. */
  onView: () => void;
  xOf(sample: number): number;
  sampleAt(x: number): number | null;
  /** Moves so that the sample is at the left edge, within what there is. */
  moveTo(from: number): void;
}

export interface TimedSignal extends StripSignal {
  /** Wall time of a sample; null when unknown. */
  timeOf(sample: number): number | null;
}
