/** What the device says of itself: whether it is there, what it is, and how it fares. */
import { LEAD_QUALITIES } from '@rhythmd/ecg/types.ts';
import * as v from 'valibot';
import { field, known, streamSample, version, wallTime } from '../field.ts';
import { alertLimitSchema } from './alerts.ts';
import { patientSchema } from './patient.ts';

const leadQuality = v.picklist(LEAD_QUALITIES);

export const stateSchema = v.object({
  state: field(
    v.picklist(['online', 'offline']),
    'offline is also the last will: the broker says it for a device that is gone',
  ),
  t_ms: wallTime('when it was said; of a last will: when the connection was made'),
});

export const executorSchema = v.object({
  name: field(v.picklist(['onnxruntime', 'integer']), 'who runs the network: model.executor'),
  kernel: field(
    v.nullable(v.picklist(['webassembly-simd', 'webassembly', 'typescript'])),
    'of the integer executor; null: it is not that one',
  ),
  why: field(v.string(), 'a sentence for people: why that one'),
});

export const modelCardSummarySchema = v.object({
  name: field(v.string(), 'the name on the card'),
  version: field(v.string(), 'the version on the card'),
  sha256: field(v.string(), 'of model.onnx, hexadecimal'),
  labels: field(v.array(v.string()), 'the classes it can name'),
  measured: field(
    v.record(v.string(), v.unknown()),
    'figures measured on records it was not trained with, as the card states them',
  ),
  exact: field(
    v.nullable(v.boolean()),
    'whether it answers the golden inputs of its card here as where it was made; null: its card has none',
  ),
  executor: executorSchema,
});

export const infoSchema = v.object({
  v: version,
  version: field(v.string(), "the daemon's version"),
  device: field(v.string(), 'device.id: a pseudonym, never a name'),
  source: field(v.string(), 'where the samples come from, without credentials'),
  board: field(v.nullable(v.string()), 'the board that speaks'),
  rate_hz: known("the source's sample rate", 'Hz'),
  leads: field(v.array(v.string()), 'names of the leads, in the order of the wave frames'),
  microvolts_per_count: field(
    v.array(v.nullable(v.number())),
    'the scale of each lead; null where the board does not say',
    'uV',
  ),
  model: field(v.nullable(modelCardSummarySchema), 'the beat network; null: beats are not classified'),
  patient: field(patientSchema, 'whom it is connected to, and what was taught of them'),
  alerts_disabled: field(v.array(v.string()), 'kinds of alert that are never told (alert.disabled)'),
  alert_limits: field(v.array(alertLimitSchema), 'the limits that a person may set, as they hold now'),
  replay: field(v.boolean(), 'true: a record or a synthetic patient plays, nobody is connected'),
  description: field(v.string(), 'a sentence for people: which record plays, or what is connected'),
  notice: v.literal('not a medical device'),
});

export const leadSchema = v.object({
  v: version,
  connected: field(v.boolean(), 'whether the analysed lead has contact'),
  quality: field(leadQuality, 'of the analysed lead'),
  reason: field(v.nullable(v.string()), 'a sentence for people: why it is not good; null when it is'),
  analysed: field(v.nullable(v.string()), 'name of the lead that is analysed; null before there is one'),
  since_ms: wallTime('when this state began'),
  since_sample: field(v.nullable(v.number()), 'where this state began', 'samples'),
  leads: field(
    v.array(
      v.object({ name: field(v.string(), 'of the lead'), quality: field(leadQuality, 'of this lead') }),
    ),
    'every lead of the board',
  ),
});

export const healthSchema = v.object({
  v: version,
  t_ms: wallTime('when it was measured'),
  uptime_s: field(v.number(), 'since the start', 's'),
  source: v.object({
    state: field(v.string(), 'opening, streaming, stalled, waiting or ended'),
    status: field(v.string(), 'a sentence for people'),
    measured_rate_hz: known('the rate at which samples really come', 'Hz'),
    drift_ppm: known("the board's clock against ours", 'ppm'),
    frames_ok: field(v.number(), 'frames understood'),
    frames_bad: field(v.number(), 'frames refused: checksum, range or form'),
    frames_lost: field(v.number(), 'frames that a counter says are missing'),
    samples_lost: field(v.number(), 'samples that are missing in the stream'),
    bytes_discarded: field(v.number(), 'bytes that belong to no frame'),
  }),
  gaps: field(v.number(), 'stretches of lost samples'),
  queues: field(
    v.record(v.string(), v.number()),
    'lengths of queues and counters of what was bounded, by name',
  ),
  outbox: field(
    v.nullable(
      v.object({
        bytes: field(v.number(), 'waiting on disk', 'bytes'),
        messages: field(v.number(), 'waiting for the broker'),
        dropped: field(v.number(), 'given up, because the outbox was full or they were too old'),
      }),
    ),
    'null without an external broker',
  ),
  recorder: field(
    v.nullable(
      v.object({
        state: field(v.string(), 'recording, full, failed or off'),
        bytes_per_day: known('at the present rate', 'bytes'),
      }),
    ),
    'null when nothing is recorded',
  ),
  broker: v.object({
    connected: field(v.boolean(), 'to the external broker; without one: whether the embedded one listens'),
    url: field(v.string(), 'without credentials'),
    reason: field(v.nullable(v.string()), 'why it is not connected'),
  }),
  rss_mb: known('memory of the process (2^20 bytes); null when it cannot be read', 'MB'),
  cpu_percent: known('of one core since the last message', '%'),
  temperature_c: known("of the computer's processor", 'degC'),
  latency_ms: v.object({
    p50: known('from the sample that completed a beat to its message: median', 'ms'),
    p95: known('95 % of beats', 'ms'),
    p99: known('99 % of beats', 'ms'),
  }),
});

/** Samples the source lost, immediately before `sample`. */
export const gapSchema = v.object({
  sample: streamSample('the first sample after the gap'),
  lost: field(v.number(), 'how many are missing', 'samples'),
});

export const qualitySchema = v.object({
  lead: field(v.number(), 'index of the lead'),
  sample: streamSample('where the state began'),
  quality: field(leadQuality, 'the new state'),
});
