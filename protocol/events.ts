/**
 * What the daemon publishes: the payloads of the MQTT topics and of the JSON messages on the WebSocket,
 * one type a topic. Field names are the contract of docs/interfaces (snake case, units in the name).
 */
import type { AlertPhase, AlertPriority, BeatLabel, LeadQuality } from '@rhythmd/ecg/types.ts';

export interface StateEvent {
  readonly state: 'online' | 'offline';
  readonly t_ms: number;
}

export interface InfoEvent {
  readonly v: 1;
  readonly version: string;
  readonly device: string;
  readonly source: string;
  readonly board: string | null;
  readonly rate_hz: number | null;
  readonly leads: readonly string[];
  readonly microvolts_per_count: readonly (number | null)[];
  readonly model: ModelCardSummary | null;
  readonly replay: boolean;
  /** A sentence for people: which record or patient plays, or what is connected. */
  readonly description: string;
  readonly notice: 'not a medical device';
}

export interface ModelCardSummary {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  readonly labels: readonly string[];
  /** Figures measured on DS2, as the card states them. */
  readonly measured: Readonly<Record<string, unknown>>;
}

export interface LeadEvent {
  readonly v: 1;
  readonly connected: boolean;
  readonly quality: LeadQuality;
  /** A sentence for people: why it is not good; null when it is. */
  readonly reason: string | null;
  readonly since_ms: number;
  readonly since_sample: number | null;
  readonly leads: readonly { readonly name: string; readonly quality: LeadQuality }[];
}

export interface VitalsEvent {
  readonly v: 1;
  readonly t_ms: number;
  readonly hr_bpm: number | null;
  readonly rr_ms: number | null;
  readonly sdnn_ms: number | null;
  /** Beats of the last minute by class, of the classes that the model names; null when unknown. */
  readonly beats_per_min: Readonly<Partial<Record<BeatLabel, number>>> | null;
  readonly quality: number | null;
}

export interface BeatEvent {
  readonly v: 1;
  readonly id: string;
  readonly seq: number;
  readonly t_ms: number;
  readonly t_quality: 'ntp' | 'unsynchronised';
  /** R position in pipeline samples. */
  readonly sample: number;
  readonly rate_hz: number;
  readonly label: BeatLabel | null;
  /** WFDB annotation mnemonic; `Q` when unclassified. */
  readonly code: string;
  readonly p: number | null;
  /** Of the classes that the model names. */
  readonly probabilities: Readonly<Partial<Record<BeatLabel, number>>> | null;
  readonly rr_ms: number | null;
  readonly rr_next_ms: number | null;
  readonly hr_bpm: number | null;
  readonly amplitude_mv: number;
  readonly quality: number | null;
  readonly lead: string;
  readonly model: string | null;
  /** From the arrival of the sample that completed the beat to this message. */
  readonly latency_ms: number;
  readonly replay: boolean;
}

/** Published at once when an R peak is found, before its class is known (WebSocket only). */
export interface PeakEvent {
  readonly sample: number;
  readonly t_ms: number;
  readonly amplitude_mv: number;
}

export interface AlertEvent {
  readonly v: 1;
  readonly id: string;
  readonly kind: string;
  readonly priority: AlertPriority;
  readonly phase: AlertPhase;
  readonly t_ms: number;
  readonly start_t_ms: number;
  readonly start_sample: number;
  readonly sample: number;
  readonly text: string;
  readonly evidence: Readonly<Record<string, unknown>>;
  readonly silenced: boolean;
  readonly acknowledged: boolean;
  readonly replay: boolean;
}

/** Somebody marked a moment (the request `mark`). */
export interface MarkEvent {
  readonly v: 1;
  readonly sample: number;
  readonly t_ms: number;
  readonly text: string;
}

/** Ten seconds around an alert: FHIR SampledData fields (origin, period, factor, dimensions, data). */
export interface StripEvent {
  readonly v: 1;
  readonly alert_id: string;
  readonly t_ms: number;
  readonly first_sample: number;
  readonly lead: string;
  /** Milliseconds between samples (FHIR `period`). */
  readonly period: number;
  readonly origin: { readonly value: 0; readonly unit: 'uV' };
  readonly factor: 1;
  readonly dimensions: 1;
  /** Microvolts, space separated, `E` for a sample that was lost (FHIR). */
  readonly data: string;
}

export interface HealthEvent {
  readonly v: 1;
  readonly t_ms: number;
  readonly uptime_s: number;
  readonly source: {
    readonly state: string;
    /** A sentence for people. */
    readonly status: string;
    readonly measured_rate_hz: number | null;
    readonly drift_ppm: number | null;
    readonly frames_ok: number;
    readonly frames_bad: number;
    readonly frames_lost: number;
    readonly samples_lost: number;
    readonly bytes_discarded: number;
  };
  readonly gaps: number;
  readonly queues: Readonly<Record<string, number>>;
  readonly outbox: { readonly bytes: number; readonly messages: number; readonly dropped: number } | null;
  readonly recorder: { readonly state: string; readonly bytes_per_day: number | null } | null;
  readonly broker: { readonly connected: boolean; readonly url: string; readonly reason: string | null };
  readonly rss_mb: number;
  readonly cpu_percent: number | null;
  readonly temperature_c: number | null;
  readonly latency_ms: {
    readonly p50: number | null;
    readonly p95: number | null;
    readonly p99: number | null;
  };
}
