import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VentricularJudge } from '@rhythmd/ecg/rhythm/ventricular-judge.ts';
import { BEAT_LABELS, type BeatLabel } from '@rhythmd/ecg/types.ts';

const RATE_HZ = 360;
const narrow = (seconds: number) => Math.exp(-((seconds / 0.015) ** 2));
const wide = (seconds: number) => -1.6 * Math.exp(-(((seconds - 0.03) / 0.05) ** 2));

/** Plays beats of a shape; the last one is judged with the label and probability given. */
class Bench {
  readonly judge = new VentricularJudge(RATE_HZ);
  alike = false;
  #sample = 0;

  beat(shape: (seconds: number) => number, label: BeatLabel, probability: number, rrMs = 800): boolean {
    const rr = Math.round(rrMs * 0.36);
    const count = rr;
    const at = Math.round(0.3 * rr);
    const lead = Float32Array.from({ length: count }, (_, index) => shape((index - at) / RATE_HZ));
    this.judge.pushSamples(lead, count, this.#sample);
    const sample = this.#sample + at;
    this.#sample += count;
    const probabilities = new Float32Array(BEAT_LABELS.length);
    probabilities[BEAT_LABELS.indexOf('N')] = 1 - probability;
    probabilities[BEAT_LABELS.indexOf('V')] = probability;
    const judgement = this.judge.judge({ sample, label, probabilities }, rr);
    this.alike = judgement.alike;
    return judgement.ventricular;
  }

  sinus(): this {
    for (let count = 0; count < 20; count += 1) assert.equal(this.beat(narrow, 'N', 0), false);
    return this;
  }
}

test('without probabilities, and before the usual beat is known, the label stands', () => {
  const judge = new VentricularJudge(RATE_HZ);
  assert.equal(judge.judge({ sample: 0, label: 'V' }, null).ventricular, true);
  assert.equal(judge.judge({ sample: 0, label: null, probabilities: null }, null).ventricular, false);
  assert.equal(new Bench().beat(narrow, 'V', 0.6), true);
});

test('a doubtful ventricular label on the usual shape does not count, a certain one or another shape does', () => {
  assert.equal(new Bench().sinus().beat(narrow, 'V', 0.6), false);
  assert.equal(new Bench().sinus().beat(narrow, 'V', 0.99), true);
  assert.equal(new Bench().sinus().beat(wide, 'V', 0.6), true);
});

test('in the middle of a run a beat shaped like the ventricular one before counts, whatever its label', () => {
  const bench = new Bench().sinus();
  assert.equal(bench.beat(wide, 'V', 0.99, 450), true);
  assert.equal(bench.beat(wide, 'other', 0.1, 450), true);
  assert.equal(bench.beat(wide, 'N', 0.1, 450), true);
  assert.equal(bench.beat(narrow, 'N', 0, 900), false);
});

test('not when it comes late, follows a usual beat, or looks like one', () => {
  const late = new Bench().sinus();
  late.beat(wide, 'V', 0.99, 450);
  assert.equal(late.beat(wide, 'other', 0.1, 1000), false);
  assert.equal(new Bench().sinus().beat(wide, 'other', 0.1, 450), false);
  const usual = new Bench().sinus();
  usual.beat(wide, 'V', 0.99, 450);
  assert.equal(usual.beat(narrow, 'N', 0.1, 450), false);
});

test('beats are alike when one of the two before had their shape: bigeminy yes, noise no', () => {
  const bench = new Bench().sinus();
  assert.equal(bench.alike, true);
  bench.beat(wide, 'V', 0.99, 600);
  assert.equal(bench.alike, false);
  bench.beat(narrow, 'N', 0, 900);
  bench.beat(wide, 'V', 0.99, 600);
  assert.equal(bench.alike, true);
});
