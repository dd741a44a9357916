/**
 * What came from the broker, parsed before anybody sees it. Whoever may publish may send anything: what is too long, no
 * JSON, or not what its topic holds is null, and is counted. Times that cannot be are those of its arrival.
 */
import { alertSchema, stripSchema } from '@rhythmd/protocol/events/alerts.ts';
import { beatSchema, vitalsSchema } from '@rhythmd/protocol/events/beats.ts';
import { healthSchema, leadSchema, stateSchema } from '@rhythmd/protocol/events/device.ts';
import type { AlertEvent, StripEvent } from '@rhythmd/protocol/events.ts';
import * as v from 'valibot';

/** Three times the longest strip (docs/protocol.md). */
export const MAX_PAYLOAD_BYTES = 64 * 1024;
const MAX_TEXT = 160;
const MAX_STANDING = 64;
const DAY_MS = 86_400_000;

const numberOrNull = v.nullable(v.pipe(v.number(), v.finite()));
const text = v.pipe(
  v.string(),
  v.transform((words) => words.slice(0, MAX_TEXT)),
);

/** Of each payload what this page shows: fields that a later version adds or an earlier one lacks are no reason to be silent. */
const READERS = {
  state: v.pick(stateSchema, ['state']),
  vitals: v.object({
    t_ms: v.pipe(v.number(), v.finite()),
    hr_bpm: numberOrNull,
    beats_per_min: v.pick(vitalsSchema, ['beats_per_min']).entries.beats_per_min,
    quality: numberOrNull,
  }),
  lead: v.object({
    ...v.pick(leadSchema, ['connected', 'quality']).entries,
    reason: v.nullable(text),
    analysed: v.optional(v.nullable(text), null),
    since_sample: numberOrNull,
  }),
  health: v.object({
    uptime_s: v.pipe(v.number(), v.finite()),
    source: v.pick(healthSchema.entries.source, ['state']),
  }),
  beat: v.pick(beatSchema, ['id', 'sample', 'label', 'code', 'rr_ms']),
  info: v.object({
    version: v.fallback(text, '?'),
    board: v.fallback(v.nullable(text), null),
    rate_hz: v.fallback(numberOrNull, null),
    leads: v.fallback(v.array(text), []),
    model: v.fallback(v.nullable(v.object({ name: text, version: text, sha256: text })), null),
    alerts_disabled: v.fallback(v.array(text), []),
    replay: v.fallback(v.boolean(), false),
    description: v.fallback(text, ''),
    patient: v.fallback(
      v.nullable(v.object({ label: v.nullable(text), paced: text, since_ms: v.number() })),
      null,
    ),
  }),
  alert: alertSchema,
  'alert/active': v.pipe(v.array(alertSchema), v.maxLength(MAX_STANDING)),
  strip: stripSchema,
} as const;

export type Kind = keyof typeof READERS;
export type Read<K extends Kind> = v.InferOutput<(typeof READERS)[K]>;
export type BedInfo = Read<'info'>;
export type BedLead = Read<'lead'>;
export type BedVitals = Read<'vitals'>;

/**
 * @param kind what the topic says below the bed's base; `strip/<id>` is `strip`
 * @param nowMs wall time of this page
 * @returns null: it cannot be read
 */
export function readMessage<K extends Kind>(kind: K, payload: Uint8Array, nowMs: number): Read<K> | null {
  if (payload.byteLength > MAX_PAYLOAD_BYTES) return null;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload));
  } catch {
    return null;
  }
  const result = v.safeParse(READERS[kind], value);
  if (!result.success) return null;
  const read = result.output;
  if (kind === 'alert') return possibleAlert(read as AlertEvent, nowMs) as Read<K>;
  if (kind === 'alert/active') {
    return (read as readonly AlertEvent[]).map((alert) => possibleAlert(alert, nowMs)) as Read<K>;
  }
  if (kind === 'strip') return possibleStrip(read as StripEvent, nowMs) as Read<K>;
  return read as Read<K>;
}

function possibleAlert(alert: AlertEvent, nowMs: number): AlertEvent {
  return {
    ...alert,
    id: alert.id.slice(0, MAX_TEXT),
    kind: alert.kind.slice(0, MAX_TEXT),
    text: alert.text.slice(0, MAX_TEXT),
    t_ms: possibleTime(alert.t_ms, nowMs),
    start_t_ms: possibleTime(alert.start_t_ms, nowMs),
  };
}

function possibleStrip(strip: StripEvent, nowMs: number): StripEvent {
  return { ...strip, lead: strip.lead.slice(0, MAX_TEXT), t_ms: possibleTime(strip.t_ms, nowMs) };
}

/** A day ahead is a clock that nobody set: it says nothing. */
function possibleTime(tMs: number, nowMs: number): number {
  return Number.isFinite(tMs) && tMs >= 0 && tMs <= nowMs + DAY_MS ? tMs : nowMs;
}
