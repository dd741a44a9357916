/** What somebody should look at, and ten seconds of signal to look at. */
import { ALERT_PHASES, ALERT_PRIORITIES } from '@rhythmd/ecg/types.ts';
import * as v from 'valibot';
import { field, known, streamSample, version, wallTime } from '../field.ts';

export const alertSchema = v.object({
  v: version,
  id: field(v.string(), 'the same in all messages of one alert'),
  kind: field(v.string(), 'one of the kinds of docs/alerts.md'),
  priority: field(v.picklist(ALERT_PRIORITIES), 'as in IEC 60601-1-8'),
  phase: field(v.picklist(ALERT_PHASES), 'start, update or end of the condition'),
  t_ms: wallTime('of what this message speaks of'),
  start_t_ms: wallTime('when the condition began'),
  start_sample: streamSample('where the condition began'),
  sample: streamSample('what this message speaks of'),
  text: field(v.string(), 'a sentence for people'),
  evidence: field(v.record(v.string(), v.unknown()), 'named measurements that support it (bpm, ms, counts)'),
  silenced: field(v.boolean(), 'no sound until the silence ends'),
  silenced_until_ms: known('when the silence ends (Unix time)', 'ms'),
  acknowledged: field(v.boolean(), 'somebody has seen it, not longer ago than alert.acknowledge_seconds'),
  acknowledged_until_ms: known('when it reminds, if its condition still lasts (Unix time)', 'ms'),
  latched: field(
    v.boolean(),
    'the condition is over, and it stands until somebody acknowledges it: of high priority',
  ),
  replay: field(v.boolean(), 'true: nobody is connected'),
});

/** Ten seconds around an alert: FHIR SampledData fields (origin, period, factor, dimensions, data). */
export const stripSchema = v.object({
  v: version,
  alert_id: field(v.string(), 'the alert it belongs to; empty: asked for'),
  t_ms: wallTime('of the first sample'),
  first_sample: streamSample('the first sample'),
  lead: field(v.string(), 'its name'),
  period: field(v.number(), 'between samples (FHIR `period`)', 'ms'),
  origin: v.object({ value: v.literal(0), unit: v.literal('uV') }),
  factor: v.literal(1),
  dimensions: v.literal(1),
  data: field(
    v.string(),
    'whole microvolts, separated by spaces; `E` for a sample that was lost (FHIR)',
    'uV',
  ),
});
