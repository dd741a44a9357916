/** What requests are answered with, beside the events that are answers themselves (StripEvent, MarkEvent). */
import { BEAT_LABELS } from '@rhythmd/ecg/types.ts';
import * as v from 'valibot';
import { alertLimitSchema, stripSchema } from './events/alerts.ts';
import { patientSchema } from './events/patient.ts';
import { field, known, streamSample, wallTime } from './field.ts';

export const nothingSchema = v.object({});

export const silenceAnswerSchema = v.object({ until_ms: wallTime('when the silence ends') });

export const lentWaveSchema = v.object({ until_ms: wallTime('until when `wave` is published') });

export const analysedLeadSchema = v.object({
  lead: field(v.nullable(v.string()), 'the lead that is analysed; null: it is being listened for'),
});

export const calibrationSchema = v.object({
  microvolts_per_count: field(v.number(), 'to be set as source.microvolts_per_count', 'uV'),
  pulse_mv: field(v.number(), 'how high the 1 mV pulse stood by the present scale', 'mV'),
});

/** One of doctor's findings, in words. */
export const findingSchema = v.object({
  check: field(v.string(), 'what was looked at'),
  state: field(v.picklist(['ok', 'warning', 'failed', 'unknown']), 'how it is'),
  text: field(v.string(), 'a sentence for people'),
  fix: field(v.string(), 'what to do about it; empty when there is nothing to do'),
});

export const findingsSchema = v.object({ findings: v.array(findingSchema) });

/** The state of a replay, for the bench view. */
export const benchStateSchema = v.object({
  records: field(v.array(v.string()), 'names that `bench.play` takes'),
  record: field(v.nullable(v.string()), 'what plays; null: a synthetic patient'),
  speed: field(v.number(), 'times life'),
  speeds: field(v.array(v.number()), 'speeds to offer'),
  duration_s: known('of the record', 's'),
  origin_sample: known(
    'the stream sample at which sample 0 of the record lies (negative after a seek)',
    'samples',
  ),
  faults: field(v.array(v.string()), 'names that `bench.fault` takes'),
});

export const limitsAnswerSchema = v.object({ limits: v.array(alertLimitSchema) });

export const correctionAnswerSchema = v.object({
  id: field(v.string(), 'of the correction; `review.undo` takes it back'),
  recording: field(v.string(), 'the recording it belongs to'),
  beats: field(v.number(), 'beats that it names; 0 where it is about a rhythm'),
  revision: field(v.number(), 'corrections of the stretch by now, those that were taken back included'),
});

export const patientAnswerSchema = v.object({ patient: patientSchema });

/** Beats that the model is least certain of, for a person to name. */
export const doubtfulBeatsSchema = v.object({
  beats: v.array(
    v.object({
      id: field(v.string(), 'of the beat, as it was published'),
      sample: streamSample('of the R wave'),
      t_ms: wallTime('of the R wave'),
      label: field(v.picklist(BEAT_LABELS), 'as it was published'),
      strip: field(stripSchema, 'the signal around it; `alert_id` is empty'),
    }),
  ),
});
