/** What is said of the heart, beat by beat and each second. */
import { BEAT_LABELS } from '@rhythmd/ecg/types.ts';
import * as v from 'valibot';
import { field, known, streamSample, version, wallTime } from '../field.ts';

const label = v.picklist(BEAT_LABELS);
const perLabel = v.record(label, v.number());

export const beatSchema = v.object({
  v: version,
  id: field(v.string(), 'unique for ever: a message that comes twice is recognised by it'),
  seq: field(v.number(), 'counts the beats of one start of the daemon'),
  t_ms: wallTime('of the R wave'),
  t_quality: field(
    v.picklist(['ntp', 'battery', 'unsynchronised']),
    'who had set the wall clock when it was said: the network, a clock with a battery, nobody (then it may be off by days)',
  ),
  sample: streamSample('of the R wave'),
  rate_hz: field(v.number(), 'samples a second of `sample`', 'Hz'),
  label: field(v.nullable(label), 'one of the labels of the model; null: not classified'),
  code: field(v.string(), 'WFDB annotation mnemonic; `Q` when not classified'),
  p: known('probability of the label'),
  probabilities: field(v.nullable(perLabel), 'of the classes that the model names'),
  rr_ms: known('since the beat before', 'ms'),
  rr_next_ms: known('until the next beat', 'ms'),
  hr_bpm: known('heart rate', 'bpm'),
  amplitude_mv: field(v.number(), 'of the R wave above the baseline, signed', 'mV'),
  quality: known('0 to 1: how far the beat can be believed'),
  lead: field(v.string(), 'the analysed lead'),
  model: field(v.nullable(v.string()), 'name, version and beginning of the hash of the model'),
  latency_ms: field(
    v.number(),
    'from the arrival of the sample that completed the beat to this message',
    'ms',
  ),
  replay: field(v.boolean(), 'true: nobody is connected'),
});

/** Published at once when an R peak is found, before its class is known (WebSocket only). */
export const peakSchema = v.object({
  sample: streamSample('of the R wave'),
  t_ms: wallTime('of the R wave'),
  amplitude_mv: field(v.number(), 'above the baseline, signed', 'mV'),
});

export const vitalsSchema = v.object({
  v: version,
  t_ms: wallTime('when it was said'),
  hr_bpm: known('heart rate; null when it is not known', 'bpm'),
  rr_ms: known('the last interval', 'ms'),
  sdnn_ms: known('standard deviation of normal intervals', 'ms'),
  beats_per_min: field(
    v.nullable(perLabel),
    'beats of the last minute by class, of the classes that the model names',
  ),
  quality: known('0 to 1: how far the signal can be believed'),
});

/** Somebody marked a moment (the request `mark`). */
export const markSchema = v.object({
  v: version,
  sample: streamSample('the moment'),
  t_ms: wallTime('the moment'),
  text: field(v.string(), 'what was written'),
});
