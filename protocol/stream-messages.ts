/**
 * JSON messages on the WebSocket. The daemon sends `{topic, event}` with the payloads of the MQTT topics
 * (protocol/events.ts) and those below; a page sends `{request, transaction, data}` and gets
 * `{response, transaction, status, data, error}`.
 */
import type {
  AlertEvent,
  BeatEvent,
  GapEvent,
  HealthEvent,
  InfoEvent,
  LeadEvent,
  PeakEvent,
  QualityEvent,
  StripEvent,
  VitalsEvent,
} from './events.ts';
import type { RequestResponse } from './requests.ts';

/** First message of every connection: enough to draw at once; the waveform kept by the daemon follows. */
export interface HelloEvent {
  readonly v: 1;
  /** `device.label`: what people call the device; empty where nobody said. No message of MQTT has it. */
  readonly device_label: string;
  readonly info: InfoEvent | null;
  readonly lead: LeadEvent | null;
  readonly vitals: VitalsEvent | null;
  readonly health: HealthEvent | null;
  readonly clock: ClockEvent | null;
  readonly qualities: readonly QualityEvent[];
  readonly gaps: readonly GapEvent[];
  readonly beats: readonly BeatEvent[];
  /** The latest message of each recent alert, oldest first. */
  readonly alerts: readonly AlertEvent[];
}

/** Which wall time a sample has. */
export interface ClockEvent {
  readonly sample: number;
  readonly t_ms: number;
}

/** Waveform this client did not get because it reads too slowly. Beats and alerts are never skipped. */
export interface SkippedEvent {
  readonly first_sample: number;
  readonly samples: number;
}

/** Topic -> event. */
export interface StreamEvents {
  hello: HelloEvent;
  info: InfoEvent;
  lead: LeadEvent;
  vitals: VitalsEvent;
  health: HealthEvent;
  beat: BeatEvent;
  peak: PeakEvent;
  alert: AlertEvent;
  strip: StripEvent;
  quality: QualityEvent;
  gap: GapEvent;
  clock: ClockEvent;
  skipped: SkippedEvent;
}

export type StreamTopic = keyof StreamEvents;
export type StreamMessage = {
  [Topic in StreamTopic]: { readonly topic: Topic; readonly event: StreamEvents[Topic] };
}[StreamTopic];

export interface ResponseMessage extends RequestResponse {
  readonly response: string;
}
