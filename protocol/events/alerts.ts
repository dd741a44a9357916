/** What somebody should look at, and ten seconds of signal to look at. */
import { ALERT_PHASES, ALERT_PRIORITIES } from '@rhythmd/ecg/types.ts';
import * as v from 'valibot';
import { BEDSIDE_LIMIT_KEY_NAMES } from '../bedside-limits.ts';
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

/** A limit that a person may set while the daemon runs (request `limits`). */
export const alertLimitSchema = v.object({
  name: field(v.picklist(BEDSIDE_LIMIT_KEY_NAMES), 'as in the section [alert] of the configuration'),
  value: field(v.number(), 'in force now'),
  default: field(v.number(), 'as configured: what the next patient begins with'),
  changed: field(
    v.nullable(
      v.object({
        by: field(
          v.nullable(v.string()),
          'who set it, as they said or as their password proved; null: nobody said',
        ),
        t_ms: wallTime('when'),
        kept: field(v.boolean(), 'whether it outlives a restart; false: the disk would not take it'),
      }),
    ),
    'null: it is as configured',
  ),
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
