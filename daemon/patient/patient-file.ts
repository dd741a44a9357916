/**
 * The patient on disk: label, and the lesson with everything that it takes to judge beats with it again. One file, replaced
 * as a whole, for nobody else on the machine.
 */
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SHAPE_POINTS } from '@rhythmd/ecg/teaching/beat-look.ts';
import { ANSWERS, MOST_BEATS } from '@rhythmd/ecg/teaching/lesson.ts';
import { FILE_MODE, FOLDER_MODE } from '@rhythmd/shell/permissions.ts';
import { writeWholeFile } from '@rhythmd/shell/whole-file.ts';
import * as v from 'valibot';

/** Where it is kept (daemon/config/paths.ts). */
export const PATIENT_FILE = '$STATE_DIRECTORY/patient.json';

/** 48 beats of 50 points with all their digits are 60 KB. */
const MAX_BYTES = 1 << 20;

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

/** @returns null: there is none; @throws what is wrong with it, as an Error */
export async function readPatient(file: string): Promise<KeptPatient | null> {
  let bytes: string;
  try {
    const found = await stat(file);
    // Opening a FIFO waits for ever for its other end.
    if (!found.isFile()) throw new Error('it is no regular file');
    if (found.size > MAX_BYTES) throw new Error('it is too long');
    bytes = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const result = v.safeParse(patientSchema, JSON.parse(bytes));
  if (result.success) return result.output;
  throw new Error(
    result.issues.map((issue) => `${v.getDotPath(issue) ?? 'file'}: ${issue.message}`).join('; '),
  );
}

/** Writes one state after the other; of several that wait only the latest is written. */
export class PatientFile {
  readonly #file: string;
  readonly #onFailure: (error: unknown) => void;
  #latest: KeptPatient | null = null;
  #writing: Promise<void> = Promise.resolve();
  #isKept = false;

  constructor(file: string, onFailure: (error: unknown) => void) {
    this.#file = file;
    this.#onFailure = onFailure;
  }

  /** @returns whether this state, or a later one, is on the disk now */
  async keep(patient: KeptPatient): Promise<boolean> {
    this.#latest = patient;
    const turn = this.#writing.then(async () => {
      const next = this.#latest;
      // None: the turn before this one has written it.
      if (next !== null) this.#isKept = await this.#write(next);
    });
    this.#writing = turn;
    await turn;
    return this.#isKept;
  }

  /** Waits until what was to be kept is kept, or could not be. */
  async close(): Promise<void> {
    await this.#writing;
  }

  async #write(patient: KeptPatient): Promise<boolean> {
    this.#latest = null;
    try {
      await mkdir(dirname(this.#file), { recursive: true, mode: FOLDER_MODE });
      await writeWholeFile(this.#file, JSON.stringify(patient), { mode: FILE_MODE });
      return true;
    } catch (error) {
      this.#onFailure(error);
      // A lesson that was undone, or another patient's, must not come back with the next start. A full disk lets go.
      await rm(this.#file, { force: true }).catch(() => {});
      return false;
    }
  }
}
