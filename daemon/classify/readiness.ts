/** Whether the two networks answer: said to the rhythm rules, whose alerts are worth less where one does not. */
import type { RhythmMonitor } from '@rhythmd/ecg/rhythm/monitor.ts';
import type { RhythmNetworkState } from './estimate-queue.ts';
import type { ClassifierState } from './verdict-queue.ts';

const CLASSIFIER_REASONS: Readonly<Record<ClassifierState, string>> = {
  none: 'no model is loaded: beats are not classified',
  ready: 'the model answers',
  failed: 'the model failed: beats are not classified',
};

const RHYTHM_NETWORK_REASONS: Readonly<Record<RhythmNetworkState, string>> = {
  none: 'no rhythm network is loaded: alerts come from beats and measures of the waveform alone',
  ready: 'the rhythm network answers',
  failed: 'the rhythm network failed: alerts come from beats and measures of the waveform alone',
};

export class Readiness {
  readonly #monitor: RhythmMonitor;
  #classifier: ClassifierState | null = null;
  #rhythmNetwork: RhythmNetworkState | null = null;

  constructor(monitor: RhythmMonitor) {
    this.#monitor = monitor;
  }

  /** Told once for each change. */
  classifier(state: ClassifierState): void {
    if (state === this.#classifier) return;
    this.#classifier = state;
    this.#monitor.pushClassifier(state === 'ready', CLASSIFIER_REASONS[state]);
  }

  /** Told once for each change. */
  rhythmNetwork(state: RhythmNetworkState): void {
    if (state === this.#rhythmNetwork) return;
    this.#rhythmNetwork = state;
    this.#monitor.pushRhythmNetwork(state === 'ready', RHYTHM_NETWORK_REASONS[state]);
  }
}
