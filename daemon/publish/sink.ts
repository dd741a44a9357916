/**
 * A sink takes what the pipeline publishes. Every method returns at once and never throws: a sink that
 * cannot keep up queues within its own bound or drops, and counts it. Each can fail alone.
 */
import type { QualityChange, Samples, StreamDescription } from '@rhythmd/ecg/types.ts';
import type {
  AlertEvent,
  BeatEvent,
  HealthEvent,
  InfoEvent,
  LeadEvent,
  MarkEvent,
  PeakEvent,
  StripEvent,
  VitalsEvent,
} from '@rhythmd/protocol/events.ts';

export interface Sink {
  readonly name: string;
  /** Acquisition starts whether or not this succeeds. */
  start(): Promise<void>;
  /** Flushes what can be flushed within a bounded time. */
  stop(): Promise<void>;
  info?(event: InfoEvent): void;
  /** A stream begins: samples count from its own start. */
  stream?(description: StreamDescription): void;
  /** Samples as the source gave them, at its rate. The arrays are reused: copy to keep. */
  received?(samples: Samples, firstSampleMs: number): void;
  /** Pipeline samples (360 Hz, millivolts). The arrays are reused: copy to keep. */
  wave?(samples: Samples, firstSampleMs: number): void;
  peak?(event: PeakEvent): void;
  beat?(event: BeatEvent): void;
  alert?(event: AlertEvent): void;
  strip?(event: StripEvent): void;
  quality?(change: QualityChange): void;
  lead?(event: LeadEvent): void;
  mark?(event: MarkEvent): void;
  /** Another patient is connected: what was said of the one before is no longer shown. What was recorded stays. */
  newPatient?(): void;
  vitals?(event: VitalsEvent): void;
  health?(event: HealthEvent): void;
  /**
   * The wall clock was set while we ran: what was stamped until now is off by this.
   * @param shiftMs to be added to earlier stamps; @param nowMs wall time after it
   */
  clockSet?(shiftMs: number, nowMs: number): void;
  /** What this sink adds to health: queue lengths and drops by name. */
  counters?(): Readonly<Record<string, number>>;
}
