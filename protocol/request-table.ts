/**
 * What a person or a program may ask of the running daemon, whichever way the question comes (MQTT
 * `.../request/<verb>`, the page's WebSocket). Every request is parsed by its schema before anyone sees it; fields
 * that are not named here are ignored.
 */
import { CORRECTION_ACTIONS, REVIEW_LABELS, REVIEW_RHYTHMS } from '@rhythmd/ecg/review/corrections.ts';
import { RHYTHM_LIMITS } from '@rhythmd/ecg/rhythm/settings.ts';
import * as v from 'valibot';
import {
  analysedLeadSchema,
  benchStateSchema,
  calibrationSchema,
  correctionAnswerSchema,
  doubtfulBeatsSchema,
  findingsSchema,
  lentWaveSchema,
  limitsAnswerSchema,
  nothingSchema,
  patientAnswerSchema,
  silenceAnswerSchema,
} from './answers.ts';
import { BEDSIDE_LIMIT_KEY_NAMES, BEDSIDE_LIMIT_KEYS, type BedsideLimitKey } from './bedside-limits.ts';
import { stripSchema } from './events/alerts.ts';
import { markSchema } from './events/beats.ts';
import { answerSchema } from './events/patient.ts';
import { field } from './field.ts';

/** A bedside monitor's audio pause is minutes; an hour is the longest anybody may ask for (IEC 60601-1-8, 6.8). */
const MAX_SILENCE_S = 3600;
/** The longest strip: what the daemon keeps in memory, and what fits a message. */
const MAX_STRIP_S = 60;
const MAX_MARK_CHARACTERS = 200;
/** The slowest and fastest replay. */
const MIN_SPEED = 0.5;
const MAX_SPEED = 20;
const MAX_SEEK_S = 24 * 3600;

const between = (least: number, most: number) =>
  v.pipe(v.number(), v.finite(), v.minValue(least), v.maxValue(most));
const sample = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const alertId = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
/** A dozen is what a person has patience for. */
const MOST_QUESTIONS = 12;
/** A line of words for people: no control characters, and not only spaces. */
const readable = v.regex(
  /^\P{C}*[^\p{C}\s]\P{C}*$/u,
  'must be words, without line breaks and characters that nobody sees',
);
const words = v.pipe(v.string(), v.maxLength(40), readable);
const remark = v.pipe(v.string(), v.maxLength(MAX_MARK_CHARACTERS), readable);
const shortText = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
const wallClock = v.pipe(v.number(), v.finite());
/** Which part of the recordings is meant, and what was known of it. */
const stretch = {
  from_ms: field(wallClock, 'where the stretch begins', 'ms'),
  to_ms: field(wallClock, 'and where it ends', 'ms'),
  revision: field(
    v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0))),
    'how many corrections of the stretch were known: refused where somebody else has made more; else not looked at',
  ),
};
const lead = field(v.optional(v.pipe(v.string(), v.maxLength(40))), 'name of a lead; else the analysed one');
const by = field(v.optional(words), 'who says so, as they call themselves');
/** Whoever looks on asks again before it is over; whoever is gone costs no more than this. */
const MAX_WAVE_S = 120;

const limit = (key: BedsideLimitKey) => {
  const { min, max, unit, why } = RHYTHM_LIMITS[BEDSIDE_LIMIT_KEYS[key]];
  return field(v.optional(v.nullable(between(min, max))), `${why}; null: as configured`, unit);
};
const limits = Object.fromEntries(BEDSIDE_LIMIT_KEY_NAMES.map((key) => [key, limit(key)])) as {
  readonly [Key in BedsideLimitKey]: ReturnType<typeof limit>;
};

export const REQUESTS = {
  silence: {
    schema: v.object({
      id: field(v.optional(alertId), 'one alert; else all that stand'),
      seconds: field(
        v.optional(between(0, MAX_SILENCE_S)),
        '0 ends a silence; else alert.silence_seconds',
        's',
      ),
      by,
    }),
    answer: silenceAnswerSchema,
    summary: 'No sound from an alert, or from all that stand, for a while.',
  },
  acknowledge: {
    schema: v.object({ id: field(alertId, 'the alert'), by }),
    answer: nothingSchema,
    summary: 'Somebody has seen the alert.',
  },
  mark: {
    schema: v.object({
      text: field(
        v.optional(v.pipe(v.string(), v.maxLength(MAX_MARK_CHARACTERS))),
        'what is to be remembered',
      ),
      sample: field(v.optional(sample), 'a moment of the stream so far; else now', 'samples'),
    }),
    answer: markSchema,
    summary: 'Marks a moment; the recording keeps it.',
  },
  strip: {
    schema: v.object({
      sample: field(v.optional(sample), 'the middle of the strip; else the latest signal', 'samples'),
      t_ms: field(
        v.optional(v.pipe(v.number(), v.finite())),
        'the middle as wall time, instead of sample',
        'ms',
      ),
      seconds: field(v.optional(between(1, MAX_STRIP_S)), 'length; else 10', 's'),
      lead,
    }),
    answer: stripSchema,
    summary: 'A piece of the latest minutes of the signal.',
  },
  wave: {
    schema: v.object({
      seconds: field(v.optional(between(0, MAX_WAVE_S)), 'how long from now on; else 60', 's'),
    }),
    answer: lentWaveSchema,
    summary:
      'Publishes the waveform on the topic `wave` for a while, for whoever looks on; asking again makes it last longer, never ' +
      'shorter.',
  },
  lead: {
    schema: v.object({
      lead: field(
        v.pipe(v.string(), v.minLength(1), v.maxLength(40)),
        "a lead's name, its number counted from 1, or auto",
      ),
    }),
    answer: analysedLeadSchema,
    summary:
      'Analyses another lead from now on, until the daemon ends: `source.analysed_lead` keeps it over a restart. ' +
      'Beats and rhythm are learnt anew, which takes seconds; alerts that stood are judged anew.',
  },
  limits: {
    schema: v.object({
      limits: v.strictObject(limits),
      by,
    }),
    answer: limitsAnswerSchema,
    summary:
      'Sets alarm limits of this patient, over a restart too: all of them or, where they contradict each other, none. The next ' +
      'patient begins with the configured ones.',
  },
  'patient.new': {
    schema: v.object({
      label: field(v.optional(words), 'what to call the patient: a bed or a pseudonym, never a name'),
    }),
    answer: patientAnswerSchema,
    summary:
      'Another patient is connected: typical beats, lesson, numbers and standing alerts are those of a first start, and ' +
      'a new recording begins. What was recorded stays.',
  },
  'teach.beats': {
    schema: v.object({
      count: field(
        v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MOST_QUESTIONS))),
        'how many at most; else 12',
      ),
    }),
    answer: doubtfulBeatsSchema,
    summary: 'The beats of the last twelve minutes that the model is least certain of, for a person to name.',
  },
  teach: {
    schema: v.object({
      beats: field(
        v.pipe(
          v.array(
            v.object({ id: v.pipe(v.string(), v.minLength(1), v.maxLength(64)), answer: answerSchema }),
          ),
          v.minLength(1),
          v.maxLength(MOST_QUESTIONS),
        ),
        'beats that `teach.beats` asked about, with what they are: N, S, V, no-beat or unsure',
      ),
      by,
    }),
    answer: patientAnswerSchema,
    summary:
      'Names doubtful beats: from now on beats of this patient are judged with it, over a restart too. It takes the place of ' +
      'an earlier lesson, and ends with it (`teach.forget`) or with the patient (`patient.new`).',
  },
  'teach.forget': {
    schema: v.object({}),
    answer: patientAnswerSchema,
    summary: 'Beats are judged as if nothing had been taught.',
  },
  'review.correct': {
    schema: v.object({
      ...stretch,
      action: field(v.picklist(CORRECTION_ACTIONS), 'what is done'),
      template: field(
        v.optional(shortText),
        'beats that look alike: the `id` that `/api/review/templates` gave for this very stretch',
      ),
      beat_t_ms: field(v.optional(wallClock), 'one beat, by its moment', 'ms'),
      rhythm_t_ms: field(v.optional(wallClock), 'a rhythm, by the moment of the mark that begins it', 'ms'),
      label: field(
        v.optional(v.picklist([...REVIEW_LABELS, ...REVIEW_RHYTHMS.filter((name) => name !== 'N')])),
        'of `relabel`: what the beats are, or which rhythm it is',
      ),
      note: field(v.optional(remark), 'what is to be remembered'),
      by: field(v.optional(words), 'who says so'),
    }),
    answer: correctionAnswerSchema,
    summary:
      'Corrects labels of a recording: beats that look alike, one beat or a rhythm are called something else, confirmed or ' +
      'rejected. Exactly one of `template`, `beat_t_ms` and `rhythm_t_ms` says what. The annotations of the recording stay; the corrected ones lie beside them (`.rev`), and counts, trend and report follow.',
  },
  'review.undo': {
    schema: v.object({
      ...stretch,
      id: field(v.optional(shortText), 'of a correction; else the latest of the stretch'),
      by: field(v.optional(words), 'who says so'),
    }),
    answer: correctionAnswerSchema,
    summary: 'Takes a correction back. Both stay in the journal.',
  },
  calibrate: {
    schema: v.object({ lead }),
    answer: calibrationSchema,
    summary: 'Measures the 1 mV pulse of a board in calibration mode. The scale is told, not applied.',
  },
  doctor: {
    schema: v.object({}),
    answer: findingsSchema,
    summary: 'Looks at source, leads, clock, broker, model and disk.',
  },
  bench: {
    schema: v.object({}),
    answer: benchStateSchema,
    summary: 'What plays, and what could.',
  },
  'bench.play': {
    schema: v.object({
      // A name, never a path: the record folders are all that may be played from.
      record: field(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/)), 'name of a record'),
    }),
    answer: benchStateSchema,
    summary: 'Plays another record from its beginning.',
  },
  'bench.speed': {
    schema: v.object({ speed: field(between(MIN_SPEED, MAX_SPEED), 'times life') }),
    answer: benchStateSchema,
    summary: 'Plays faster or slower.',
  },
  'bench.seek': {
    schema: v.object({ seconds: field(between(0, MAX_SEEK_S), 'from the beginning of the record', 's') }),
    answer: benchStateSchema,
    summary: 'Goes on at another place of the record.',
  },
  'bench.fault': {
    schema: v.object({
      fault: field(v.pipe(v.string(), v.maxLength(40)), 'one of `faults` of the bench state'),
    }),
    answer: benchStateSchema,
    summary: 'Breaks the simulated board.',
  },
} as const satisfies Readonly<
  Record<string, { schema: v.GenericSchema; answer: v.GenericSchema; summary: string }>
>;
