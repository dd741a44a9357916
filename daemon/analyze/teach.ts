/**
 * A lesson for a record, without a person: of the beats that would be asked about, what an annotator says of them; or
 * what a file says of the beats that it names.
 */
import { readFileSync, statSync } from 'node:fs';
import { beatClassOf } from '@rhythmd/ecg/ec57/beat-classes.ts';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { rhythmSettings } from '@rhythmd/ecg/rhythm/settings.ts';
import { type BeatLook, copyOfLook } from '@rhythmd/ecg/teaching/beat-look.ts';
import { DoubtfulBeats, QUESTIONS } from '@rhythmd/ecg/teaching/doubtful-beats.ts';
import { ANSWERS, type Answer, Lesson, MOST_BEATS } from '@rhythmd/ecg/teaching/lesson.ts';
import { PIPELINE_RATE_HZ } from '@rhythmd/ecg/types.ts';
import { annotationsAt } from '@rhythmd/ecg/wfdb/annotation.ts';
import { isBeatCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { readAnnotationFile, readAnnotations } from '@rhythmd/records/read-annotations.ts';
import type { RecordReader } from '@rhythmd/records/record-reader.ts';
import { isRegularFile } from '@rhythmd/shell/regular-file.ts';
import { refuseUnteachable } from '../classify/patient-judge.ts';
import { type AnalysisOptions, RecordAnalysis } from './record-analysis.ts';

/** Beats of the first minutes are asked about. */
const ASKED_S = 300;
/** Beyond the last beat that counts: its next beat, and the detector's delay. */
const BEYOND_S = 10;
/** As EC57 pairs beats: 150 ms. */
const PAIRED_SAMPLES = 0.15 * PIPELINE_RATE_HZ;
/** A list of beats is short. */
const MAX_FILE_BYTES = 1 << 20;

/** Samples at the pipeline's rate. */
interface NamedBeat {
  readonly sample: number;
  readonly answer: Answer;
}

export interface TaughtBeat extends NamedBeat {
  readonly look: BeatLook;
}

export interface RecordLesson {
  readonly lesson: Lesson;
  readonly beats: readonly TaughtBeat[];
}

/**
 * @param source an annotator's name (`atr`) or a file of annotations: it answers for the doubtful beats of the first five
 *   minutes; or a .csv file of `sample,answer`, in samples of the record
 * @throws RhythmdError E_TEACH_MODEL, E_TEACH_FILE, and what reading annotations throws
 */
export async function teachFor(
  record: RecordReader,
  source: string,
  options: AnalysisOptions,
): Promise<RecordLesson> {
  refuseUnteachable(options.classifier?.card ?? null);
  const beats = source.endsWith('.csv')
    ? await beatsNamedIn(source, record, options)
    : await beatsAnsweredBy(referenceOf(source, record), record, options);
  return { lesson: Lesson.from(beats), beats };
}

async function beatsAnsweredBy(
  reference: readonly NamedBeat[],
  record: RecordReader,
  options: AnalysisOptions,
): Promise<TaughtBeat[]> {
  const doubtful = new DoubtfulBeats<null>();
  const last = ASKED_S * PIPELINE_RATE_HZ;
  await lookAt(record, options, last, (sample, look) => {
    if (sample < last) doubtful.push(sample, look, null);
  });
  return doubtful.choose(QUESTIONS).map(({ sample, look }) => ({
    sample,
    look,
    answer: nearest(reference, sample)?.answer ?? 'no-beat',
  }));
}

async function beatsNamedIn(
  path: string,
  record: RecordReader,
  options: AnalysisOptions,
): Promise<TaughtBeat[]> {
  const named = readNamedBeats(path, record.header.rateHz);
  const looks: (BeatLook | null)[] = named.map(() => null);
  const last = Math.max(...named.map(({ sample }) => sample));
  await lookAt(record, options, last, (sample, look) => {
    for (const [i, beat] of named.entries()) {
      if (Math.abs(beat.sample - sample) <= PAIRED_SAMPLES) looks[i] ??= copyOfLook(look);
    }
  });
  return named.map(({ sample, answer }, i) => {
    const look = looks[i];
    if (look) return { sample, answer, look };
    const at = Math.round((sample * record.header.rateHz) / PIPELINE_RATE_HZ);
    throw new RhythmdError(
      'E_TEACH_FILE',
      `${path}: no beat is found at sample ${at} of ${record.name}`,
      'Is it the list of another record, or of another lead?',
    );
  });
}

/** The record's beginning, up to this pipeline sample and a little further, for the looks of its beats. */
async function lookAt(
  record: RecordReader,
  options: AnalysisOptions,
  last: number,
  onLook: (sample: number, look: BeatLook) => void,
): Promise<void> {
  const sampleCount = Math.ceil((last / PIPELINE_RATE_HZ + BEYOND_S) * record.rateHz);
  const { onProgress: _, ...rest } = options;
  await new RecordAnalysis(record, {
    ...rest,
    rhythmNetwork: null,
    settings: rhythmSettings(),
    lesson: null,
    onLook,
    sampleCount,
  }).run();
}

function nearest(beats: readonly NamedBeat[], sample: number): NamedBeat | null {
  let best: NamedBeat | null = null;
  let distance = PAIRED_SAMPLES;
  for (const beat of beats) {
    const away = Math.abs(beat.sample - sample);
    if (away > distance) continue;
    distance = away;
    best = beat;
  }
  return best;
}

/** What a cardiologist's annotation says; what is neither N, S nor V is not sure. */
function referenceOf(source: string, record: RecordReader): NamedBeat[] {
  const isFile = isRegularFile(source);
  if (!isFile && !/^[A-Za-z]\w{0,15}$/.test(source)) {
    throw new RhythmdError(
      'E_TEACH_FILE',
      `there is no file ${source}`,
      'Name an annotator such as atr, a file of annotations, or a .csv file of sample,answer.',
    );
  }
  const annotations = isFile
    ? annotationsAt(record.header.rateHz, readAnnotationFile(source))
    : readAnnotations(record.path, source);
  const scale = PIPELINE_RATE_HZ / record.header.rateHz;
  return annotations
    .filter(({ code }) => isBeatCode(code))
    .map(({ sample, code }) => {
      const name = beatClassOf(code, 'normal');
      const answer: Answer = name === 'N' || name === 'S' || name === 'V' ? name : 'unsure';
      return { sample: Math.round(sample * scale), answer };
    });
}

/** `sample,answer` a line; a line of words above them and lines that begin with # are passed over. */
function readNamedBeats(path: string, rateHz: number): NamedBeat[] {
  const fix = `Each line is sample,answer; the answers are ${ANSWERS.join(', ')}.`;
  const refuse = (what: string): never => {
    throw new RhythmdError('E_TEACH_FILE', `${path}: ${what}`, fix);
  };
  if (!isRegularFile(path)) refuse('there is no such file');
  if (statSync(path).size > MAX_FILE_BYTES) refuse('it is no list of a few beats');
  const beats: NamedBeat[] = [];
  for (const [i, line] of readFileSync(path, 'utf8').split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#') || (i === 0 && /^sample/i.test(line))) continue;
    const [sample = '', answer = ''] = line.split(',').map((part) => part.trim());
    if (!/^\d{1,12}$/.test(sample)) refuse(`line ${i + 1}: ${JSON.stringify(sample)} is no sample`);
    const known =
      ANSWERS.find((word) => word === answer) ??
      refuse(`line ${i + 1}: ${JSON.stringify(answer)} is no answer`);
    beats.push({ sample: Math.round((Number(sample) * PIPELINE_RATE_HZ) / rateHz), answer: known });
    if (beats.length > MOST_BEATS) refuse(`more than ${MOST_BEATS} beats`);
  }
  if (beats.length === 0) refuse('it names no beat');
  return beats;
}
