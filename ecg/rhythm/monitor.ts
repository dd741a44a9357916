/**
 * The rhythm stage: peaks, verdicts, samples and quality in, alerts out. It knows every rule and is the only
 * place that decides what a rule may see: nothing from an unreadable stretch, and no interval across one.
 */
import type { Alert, BeatLabel, LeadQuality, Peak, QualityChange, Samples } from '../types.ts';
import { AsystoleRule } from './asystole.ts';
import { AtrialFibrillationRule } from './atrial-fibrillation.ts';
import { BeatContrast } from './beat-contrast.ts';
import { EctopyPatternRule } from './ectopy-pattern.ts';
import { FibrillationRule } from './fibrillation.ts';
import { FrequentEctopyRule } from './frequent-ectopy.ts';
import { HeldCondition } from './held-condition.ts';
import { AlertIssuer } from './issuer.ts';
import { NoiseRule } from './noise.ts';
import { PauseRule } from './pause.ts';
import { ROnTRule } from './r-on-t.ts';
import { RateRule } from './rate.ts';
import { Readability } from './readability.ts';
import { RegularBeats } from './regular-beats.ts';
import type { RhythmClass, RhythmEstimate } from './rhythm-estimate.ts';
import { RhythmEvidence } from './rhythm-evidence.ts';
import type { RhythmRule } from './rule.ts';
import { LiveSettings, type RhythmSettings } from './settings.ts';
import { SignalRule } from './signal-rule.ts';
import { SupraventricularRunRule } from './supraventricular-run.ts';
import { VentricularJudge } from './ventricular-judge.ts';
import { VentricularRunRule } from './ventricular-run.ts';
import { VentricularSalvosRule } from './ventricular-salvos.ts';
import { VentricularTachycardia } from './ventricular-tachycardia.ts';

/** A beat as the rhythm stage needs it: where, what, and the id it is published under. */
export interface LabelledBeat {
  readonly id: string;
  readonly sample: number;
  /** null: the classifier could not answer. */
  readonly label: BeatLabel | null;
  /** The classifier's, in the order of BEAT_LABELS; null or left out: the label is taken as certain. */
  readonly probabilities?: Float32Array | null;
}

export interface RhythmMonitorOptions {
  readonly rateHz: number;
  readonly leadNames: readonly string[];
  /** The lead peaks and verdicts come from. */
  readonly analysedLead?: number;
  readonly settings: RhythmSettings;
  /** Put before every alert id; the daemon's session, so that ids stay unique across restarts. */
  readonly idPrefix?: string;
  readonly onAlert: (alert: Alert) => void;
}

/** The patient's own rhythm: called organised with this probability, as a mean of so many seconds. */
const OWN_RHYTHM = 0.7;
const OWN_RHYTHM_SECONDS = 2;
/** No beat hides in a gap this short, and the sample index counts it. */
const HARMLESS_GAP_SECONDS = 0.04;
/** Beats further apart than this have no interval: nothing is known of what lies between. */
const LONGEST_RR_SECONDS = 10;

export class RhythmMonitor {
  readonly #rateHz: number;
  readonly #lead: number;
  readonly #live: LiveSettings;
  readonly #settings: RhythmSettings;
  readonly #issuer: AlertIssuer;
  readonly #readability = new Readability();
  readonly #signal: SignalRule;
  readonly #stalled: HeldCondition;
  readonly #classifier: HeldCondition;
  readonly #rhythmNetwork: HeldCondition;
  readonly #asystole: AsystoleRule;
  readonly #fibrillation: FibrillationRule;
  readonly #evidence: RhythmEvidence;
  readonly #regular: RegularBeats;
  readonly #contrast: BeatContrast;
  readonly #tachycardia: VentricularTachycardia;
  readonly #judge: VentricularJudge;
  readonly #runs: VentricularRunRule;
  readonly #rules: readonly RhythmRule[];
  /** There is a waveform, whether or not beats can be read from it. */
  #hasWaveform = false;
  #lastBeatSample: number | null = null;
  #now = 0;

  constructor(options: RhythmMonitorOptions) {
    const { rateHz } = options;
    this.#live = new LiveSettings(options.settings);
    const settings = this.#live.current;
    const issuer = new AlertIssuer(options.idPrefix ?? '', rateHz, options.onAlert);
    this.#issuer = issuer;
    this.#rateHz = rateHz;
    this.#settings = settings;
    this.#lead = options.analysedLead ?? 0;
    this.#signal = new SignalRule(issuer, settings, rateHz, options.leadNames, this.#lead, {
      isSeen: () => this.#isInDanger(),
      isTold: () => this.#issuer.standsHigh,
    });
    this.#stalled = new HeldCondition('source_stalled', issuer, 0, 0);
    this.#classifier = new HeldCondition('classifier_unavailable', issuer, 0, 0);
    this.#rhythmNetwork = new HeldCondition('rhythm_network_unavailable', issuer, 0, 0);
    this.#evidence = new RhythmEvidence(rateHz);
    this.#regular = new RegularBeats(rateHz, (sample) => this.#isOwnRhythm(sample));
    this.#contrast = new BeatContrast(rateHz);
    this.#tachycardia = new VentricularTachycardia(issuer, settings, rateHz);
    const watching = { issuer, settings, rateHz, evidence: this.#evidence };
    this.#fibrillation = new FibrillationRule({
      ...watching,
      regular: this.#regular,
      contrast: this.#contrast,
      readability: this.#readability,
      tachycardia: this.#tachycardia,
    });
    this.#asystole = new AsystoleRule({
      ...watching,
      readability: this.#readability,
      explained: () => this.#fibrillation.suspected || (this.#tachycardia.active && this.#isVentricular()),
      waveBpm: () => this.#fibrillation.waveBpm,
      tachycardia: this.#tachycardia,
    });
    this.#judge = new VentricularJudge(rateHz);
    this.#runs = new VentricularRunRule(issuer, settings, rateHz, this.#tachycardia, this.#evidence);
    this.#rules = [
      this.#asystole,
      new NoiseRule(issuer, settings, rateHz, this.#evidence),
      this.#runs,
      new VentricularSalvosRule(settings, rateHz, this.#tachycardia, this.#evidence),
      new PauseRule(issuer, settings, rateHz),
      new RateRule('bradycardia', issuer, settings, rateHz),
      new RateRule('tachycardia', issuer, settings, rateHz),
      new AtrialFibrillationRule(issuer, settings, rateHz),
      new ROnTRule(issuer, settings, rateHz),
      new FrequentEctopyRule('frequent_ectopy', issuer, settings, rateHz),
      new FrequentEctopyRule('frequent_supraventricular_ectopy', issuer, settings, rateHz),
      new SupraventricularRunRule(issuer, settings, rateHz),
      new EctopyPatternRule('bigeminy', issuer, settings),
      new EctopyPatternRule('trigeminy', issuer, settings),
      new EctopyPatternRule('atrial_bigeminy', issuer, settings),
      new EctopyPatternRule('atrial_trigeminy', issuer, settings),
    ];
    this.#readability.change(0, false);
  }

  /** A person set other limits: what stands is judged by them with the next beat, and nothing is learnt anew. */
  changeSettings(settings: RhythmSettings): void {
    this.#live.change(settings);
  }

  /** Samples at `rateHz`; the stage's time moves with them. Push after the peaks and verdicts they gave. */
  pushSamples(samples: Samples): void {
    if (samples.lost > HARMLESS_GAP_SECONDS * this.#rateHz)
      this.#lose(samples.first - samples.lost, samples.first);
    const lead = samples.leads[this.#lead];
    if (lead !== undefined && this.#hasWaveform) {
      this.#regular.pushSamples(lead, samples.count, samples.first);
      this.#contrast.pushSamples(lead, samples.count, samples.first);
      this.#fibrillation.pushSamples(lead, samples.count, samples.first);
      this.#asystole.pushSamples(lead, samples.count, samples.first);
    }
    if (lead !== undefined && this.#readability.readable) {
      this.#judge.pushSamples(lead, samples.count, samples.first);
    }
    this.#now = samples.first + samples.count;
    for (const rule of this.#rules) rule.tick?.(this.#now);
    this.#tachycardia.tick(this.#now);
    this.#signal.tick(this.#now);
    this.#stalled.tick(this.#now);
    this.#classifier.tick(this.#now);
    this.#rhythmNetwork.tick(this.#now);
  }

  /** A peak as soon as it is known. @param doubt of the detector about its decisions, 0 to 1; 1 where it is not known */
  pushPeak(peak: Peak, doubt = 1): void {
    this.#regular.peak(peak.sample, doubt);
    this.#contrast.peak(peak.sample, doubt);
    if (this.#readability.between(peak.sample, peak.sample)) this.#asystole.peak(peak.sample);
  }

  /** A beat with its verdict, in order. One in an unreadable stretch is not looked at. */
  pushBeat(beat: LabelledBeat): void {
    if (!this.#readability.between(beat.sample, beat.sample)) {
      this.#lastBeatSample = null;
      return;
    }
    const rr = this.#intervalTo(beat.sample);
    if (rr === null) this.#tellInterrupted(beat.sample);
    this.#lastBeatSample = beat.sample;
    const judgement = this.#judge.judge(beat, rr);
    const seen = { id: beat.id, sample: beat.sample, label: beat.label, rr, ...judgement };
    for (const rule of this.#rules) {
      if (!this.#fibrillation.suspected || rule === this.#runs) rule.beat?.(seen);
      // What a detector finds in a fibrillating waveform has no rate and no rhythm; a run of
      // ventricular beats is what it may also be.
      else rule.interrupted?.(beat.sample);
    }
  }

  /** The rhythm network's estimate, in order; it may lag behind the samples by the time that the network takes. */
  pushEstimate(estimate: RhythmEstimate): void {
    this.#evidence.push(estimate);
    for (const rule of this.#rules) rule.estimate?.(estimate);
  }

  /** A lead changed its state; `change.sample` may lie in the past. */
  pushQuality(change: QualityChange): void {
    this.#signal.change(change);
    if (change.lead !== this.#lead) return;
    const hasWaveform = hasSignal(change.quality);
    if (hasWaveform !== this.#hasWaveform) {
      this.#hasWaveform = hasWaveform;
      this.#restartWaveform();
    }
    const readable = isReadable(change.quality);
    if (readable !== this.#readability.readable) {
      this.#readability.change(change.sample, readable);
      this.#tellUnreadable(change.sample);
    }
  }

  /** The source delivers (or not). Sample time stands still meanwhile, so it takes effect at once. */
  pushSource(delivering: boolean, reason: string): void {
    this.#stalled.set(!delivering, this.#now, reason);
    this.#stalled.tick(this.#now);
  }

  /** The classifier answers (or not). */
  pushClassifier(available: boolean, reason: string): void {
    this.#classifier.set(!available, this.#now, reason);
    this.#classifier.tick(this.#now);
  }

  /** Says whether estimates of the rhythm network come, and why not. */
  pushRhythmNetwork(available: boolean, reason: string): void {
    this.#rhythmNetwork.set(!available, this.#now, reason);
    this.#rhythmNetwork.tick(this.#now);
  }

  /** The stream ends: so do its alerts. */
  flush(): void {
    this.#issuer.endAll(this.#now, 'The stream ended');
  }

  #intervalTo(sample: number): number | null {
    const last = this.#lastBeatSample;
    if (last === null || sample <= last || sample - last > LONGEST_RR_SECONDS * this.#rateHz) return null;
    return this.#readability.between(last, sample) ? sample - last : null;
  }

  #lose(from: number, to: number): void {
    this.#readability.gap(from, to);
    this.#restartWaveform();
    this.#tellUnreadable(to);
  }

  /** An alarm of high priority stands, or the network is about to make one. */
  #isInDanger(): boolean {
    if (this.#issuer.standsHigh) return true;
    if (!this.#evidence.isKnown(this.#now)) return false;
    const { fibrillationProbability, asystoleProbability } = this.#settings;
    const mean = (name: RhythmClass) => this.#evidence.mean(name, OWN_RHYTHM_SECONDS);
    const isVentricular = mean('fibrillation') + mean('tachycardia') >= fibrillationProbability;
    if (isVentricular && !this.#contrast.standsOut(this.#now)) return true;
    return this.#asystole.isAlive && mean('asystole') >= asystoleProbability;
  }

  /** The network, as far as it is known, gives most to ventricular rhythms. */
  #isVentricular(): boolean {
    if (!this.#evidence.isKnown(this.#now)) return false;
    const mean = (name: RhythmClass) => this.#evidence.mean(name, OWN_RHYTHM_SECONDS);
    return mean('fibrillation') + mean('tachycardia') >= 0.5;
  }

  /** Nothing of high priority is suspected, and the network, if there is one, calls the rhythm organised. */
  #isOwnRhythm(sample: number): boolean {
    if (this.#fibrillation.suspected || this.#tachycardia.active || this.#asystole.active) return false;
    return (
      !this.#evidence.isKnown(sample) || this.#evidence.mean('organised', OWN_RHYTHM_SECONDS) >= OWN_RHYTHM
    );
  }

  #restartWaveform(): void {
    this.#fibrillation.restart();
    this.#asystole.restart();
    this.#regular.restart();
    this.#contrast.restart();
  }

  #tellUnreadable(sample: number): void {
    for (const rule of this.#rules) rule.unreadable?.(sample);
    this.#tellInterrupted(sample);
  }

  #tellInterrupted(sample: number): void {
    for (const rule of this.#rules) rule.interrupted?.(sample);
  }
}

/** A dead line is a waveform too: whether heart or lead stand still nobody can tell, so the rules go on. */
function hasSignal(quality: LeadQuality): boolean {
  return quality === 'good' || quality === 'noisy' || quality === 'flat';
}

function isReadable(quality: LeadQuality): boolean {
  return quality === 'good';
}
