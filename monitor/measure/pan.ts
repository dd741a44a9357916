/** Moving a still strip through time: drag, wheel, arrows. */
import type { StillPaper } from './still-paper.ts';

const KEY_STEP_SHARE = 0.1;
const PAGE_STEP_SHARE = 0.9;

export class Pan {
  readonly #strip: StillPaper;
  readonly #enabled: () => boolean;

  /** @param enabled false while the pointer belongs to the calipers. */
  constructor(strip: StillPaper, enabled: () => boolean) {
    this.#strip = strip;
    this.#enabled = enabled;
  }

  start(): void {
    const { element } = this.#strip;
    element.addEventListener('pointerdown', (event) => {
      if (!this.#strip.frozen || !this.#enabled() || event.button !== 0) return;
      element.setPointerCapture(event.pointerId);
      const startX = event.clientX;
      const startFrom = this.#strip.view.from;
      const move = (moved: PointerEvent): void => {
        this.#strip.moveTo(startFrom - (moved.clientX - startX) / this.#strip.layout.pixelsPerSample);
      };
      const stop = (): void => {
        element.removeEventListener('pointermove', move);
        element.removeEventListener('pointerup', stop);
        element.removeEventListener('pointercancel', stop);
      };
      element.addEventListener('pointermove', move);
      element.addEventListener('pointerup', stop);
      element.addEventListener('pointercancel', stop);
    });
    element.addEventListener(
      'wheel',
      (event) => {
        if (!this.#strip.frozen) return;
        event.preventDefault();
        this.#by((event.deltaX + event.deltaY) / this.#strip.layout.pixelsPerSample);
      },
      { passive: false },
    );
  }

  /** @returns whether the key meant this. */
  key(event: KeyboardEvent): boolean {
    if (!this.#strip.frozen) return false;
    const { from, to } = this.#strip.view;
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: -KEY_STEP_SHARE,
      ArrowRight: KEY_STEP_SHARE,
      PageUp: -PAGE_STEP_SHARE,
      PageDown: PAGE_STEP_SHARE,
    };
    const step = steps[event.key];
    if (step !== undefined) this.#by(step * (to - from));
    else if (event.key === 'Home') this.#strip.moveTo(Number.NEGATIVE_INFINITY);
    else if (event.key === 'End') this.#strip.moveTo(Number.POSITIVE_INFINITY);
    else return false;
    return true;
  }

  #by(samples: number): void {
    this.#strip.moveTo(this.#strip.view.from + samples);
  }
}
