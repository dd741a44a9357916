/**
 * What the daemon publishes: the payloads of the MQTT topics and of the JSON messages on the WebSocket, one type a
 * topic. They follow from the schemas in events/, which docs/protocol.md is made from.
 */
import type { alertSchema, stripSchema } from './events/alerts.ts';
import type { beatSchema, markSchema, peakSchema, vitalsSchema } from './events/beats.ts';
import type {
  executorSchema,
  gapSchema,
  healthSchema,
  infoSchema,
  leadSchema,
  modelCardSummarySchema,
  qualitySchema,
  stateSchema,
} from './events/device.ts';
import type { patientSchema } from './events/patient.ts';
import type { Value } from './field.ts';

export type StateEvent = Value<typeof stateSchema>;
export type InfoEvent = Value<typeof infoSchema>;
/** Who is connected, and what a person taught of their beats. */
export type PatientFacts = Value<typeof patientSchema>;
export type ModelCardSummary = Value<typeof modelCardSummarySchema>;
export type ExecutorChoice = Value<typeof executorSchema>;
export type LeadEvent = Value<typeof leadSchema>;
export type HealthEvent = Value<typeof healthSchema>;
/** Samples the source lost, immediately before `sample`. */
export type GapEvent = Value<typeof gapSchema>;
export type QualityEvent = Value<typeof qualitySchema>;
export type VitalsEvent = Value<typeof vitalsSchema>;
export type BeatEvent = Value<typeof beatSchema>;
export type PeakEvent = Value<typeof peakSchema>;
export type MarkEvent = Value<typeof markSchema>;
export type AlertEvent = Value<typeof alertSchema>;
export type StripEvent = Value<typeof stripSchema>;
