/**
 * The patient on disk: label, and the lesson with everything that it takes to judge beats with it again. One file, replaced
 * as a whole, for nobody else on the machine.
 */
import { SHAPE_POINTS } from '@rhythmd/ecg/teaching/beat-look.ts';
import { ANSWERS, MOST_BEATS } from '@rhythmd/ecg/teaching/lesson.ts';
import * as v from 'valibot';
import { readState, type StateFile } from '../state-file.ts';

/** Where it is kept (daemon/config/paths.ts). */
export const PATIENT_FILE = '$STATE_DIRECTORY/patient.json';

const finite = v.pipe(v.number(), v.finite());
const text = v.pipe(v.string(), v.maxLength(200));

const beatSchema = v.object({
  id: text,
  sample: finite,
  t_ms: finite,
  answer: v.picklist(ANSWERS),
  odds_s: finite,
  odds_v: finite,
  before: finite,
  after: finite,
  shape: v.pipe(v.array(finite), v.length(SHAPE_POINTS)),
});

const patientSchema = v.object({
  v: v.literal(1),
  label: v.nullable(text),
  since_ms: finite,
  /** Of a replay: what plays. Another record is another patient. */
  source: v.nullable(text),
  lesson: v.nullable(
    v.object({
      id: text,
      by: v.nullable(text),
      t_ms: finite,
      model: text,
      lead: text,
      beats: v.pipe(v.array(beatSchema), v.minLength(1), v.maxLength(MOST_BEATS)),
    }),
  ),
});

export type KeptPatient = v.InferOutput<typeof patientSchema>;
export type KeptLesson = NonNullable<KeptPatient['lesson']>;

export type PatientFile = StateFile<KeptPatient>;

/** @returns null: there is none; @throws what is wrong with it, as an Error */
export const readPatient = (file: string): Promise<KeptPatient | null> => readState(file, patientSchema);
