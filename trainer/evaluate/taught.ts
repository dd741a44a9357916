/**
 * What a network says of patients it was not trained on once a person has named twelve beats of each: those that the daemon would
 * ask about in the first five minutes, answered by the reference (docs/teaching.md). These beats themselves do not count.
 */
import { WINDOW_RADIUS_SAMPLES, WINDOW_SAMPLES } from '@rhythmd/ecg/beat/window.ts';
import { softmaxRows } from '@rhythmd/ecg/network/softmax.ts';
import { type BeatLook, BeatLooks, copyOfLook } from '@rhythmd/ecg/teaching/beat-look.ts';
import { DoubtfulBeats, QUESTIONS } from '@rhythmd/ecg/teaching/doubtful-beats.ts';
import { type Answer, Lesson } from '@rhythmd/ecg/teaching/lesson.ts';
import { BEAT_LABELS, type BeatLabel, PIPELINE_RATE_HZ } from '@rhythmd/ecg/types.ts';
import { type Dataset, labelsOf, readImage } from '../data/dataset.ts';
import { emptyConfusion } from './ectopic.ts';
import { groupOf, type RecordFigures } from './run-figures.ts';

/** Beats of the first minutes are asked about, as `analyze --teach` does. */
const ASKED_SAMPLES = 300 * PIPELINE_RATE_HZ;

interface JudgedBeat {
  /** Index into the classes. */
  readonly label: number;
  readonly look: BeatLook;
  readonly probabilities: Float32Array;
}

/**
 * @param beats record by record, in order of time
 * @param logits of them, [beats, classes]
 */
export function taughtByRecord(dataset: Dataset, beats: Uint32Array, logits: Float32Array): RecordFigures[] {
  const { record, records } = dataset;
  const figures: RecordFigures[] = [];
  for (let from = 0; from < beats.length; ) {
    const index = record[beats[from]!]!;
    let to = from;
    while (to < beats.length && record[beats[to]!] === index) to++;
    const { name } = records[index]!;
    const confusion = taughtConfusion(dataset, beats.subarray(from, to), logits, from);
    figures.push({ record: name, group: groupOf(name), confusion });
    from = to;
  }
  return figures;
}

function taughtConfusion(
  dataset: Dataset,
  beats: Uint32Array,
  logits: Float32Array,
  first: number,
): number[][] {
  const classes = labelsOf(dataset.recipe);
  const own = beats.map((_, i) => first + i);
  const judged = judge(dataset, beats, logits, own);
  const doubtful = new DoubtfulBeats<number>();
  for (const [i, { look }] of judged.entries()) {
    const sample = dataset.sample[beats[i]!]!;
    if (sample < ASKED_SAMPLES) doubtful.push(sample, look, i);
  }
  const asked = doubtful.choose(QUESTIONS).map(({ facts }) => facts);
  const lesson = Lesson.from(
    asked.map((i) => ({ answer: answerOf(classes[judged[i]!.label]!), look: judged[i]!.look })),
  );
  const confusion = emptyConfusion();
  for (const [i, { label, look, probabilities }] of judged.entries()) {
    if (asked.includes(i)) continue;
    lesson.amend(look, probabilities);
    confusion[label]![mostProbable(probabilities, classes)]!++;
  }
  return confusion;
}

/** As the daemon: what is neither N, S nor V is not sure. */
function answerOf(label: BeatLabel): Answer {
  return label === 'N' || label === 'S' || label === 'V' ? label : 'unsure';
}

function judge(dataset: Dataset, beats: Uint32Array, logits: Float32Array, rows: Uint32Array): JudgedBeat[] {
  const { sample, label, recipe } = dataset;
  const classes = labelsOf(recipe);
  const looks = new BeatLooks(recipe.channels);
  const image = new Float32Array(3 * WINDOW_SAMPLES);
  return Array.from(beats, (beat, i) => {
    const start = rows[i]! * classes.length;
    const shares = softmaxRows(logits.slice(start, start + classes.length), classes.length);
    const probabilities = new Float32Array(BEAT_LABELS.length);
    for (const [k, name] of classes.entries()) probabilities[BEAT_LABELS.indexOf(name)] = shares[k]!;
    readImage(dataset, beat, image, 0);
    const rrBefore = i === 0 ? null : sample[beat]! - sample[beats[i - 1]!]!;
    const after = i + 1 === beats.length ? null : sample[beats[i + 1]!]! - sample[beat]!;
    const rrAfter = after !== null && after <= WINDOW_RADIUS_SAMPLES ? after : null;
    return {
      label: label[beat]!,
      look: copyOfLook(looks.of({ rrBefore, rrAfter }, image, probabilities)),
      probabilities,
    };
  });
}

/** The first of equals, as a verdict is. */
function mostProbable(probabilities: Float32Array, classes: readonly BeatLabel[]): number {
  let best = 0;
  for (const [k, name] of classes.entries()) {
    const bestName = classes[best]!;
    if (probabilities[BEAT_LABELS.indexOf(name)]! > probabilities[BEAT_LABELS.indexOf(bestName)]!) best = k;
  }
  return best;
}
