/** Events as the pipeline makes them, for tests of the sinks. */
import type { AlertEvent, BeatEvent, VitalsEvent } from '@rhythmd/protocol/events.ts';

export function beatEvent(seq: number, run = '0001'): BeatEvent {
  return {
    v: 1,
    id: `${run}-${String(seq).padStart(6, '0')}`,
    seq,
    t_ms: 1_795_349_012_345 + seq * 800,
    t_quality: 'ntp',
    sample: seq * 288,
    rate_hz: 360,
    label: 'N',
    code: 'N',
    p: 0.99,
    probabilities: { N: 0.99, V: 0.002, F: 0.002, '/': 0.002, f: 0.002, other: 0.002 },
    rr_ms: 800,
    rr_next_ms: 800,
    hr_bpm: 75,
    amplitude_mv: 1.1,
    quality: 0.9,
    lead: 'MLII',
    model: 'beatnet@1.0.0+3fa91c',
    latency_ms: 12,
    replay: true,
  };
}

export function alertEvent(id: string, phase: AlertEvent['phase'], seq = 1): AlertEvent {
  return {
    v: 1,
    id,
    kind: 'ventricular_run',
    priority: 'high',
    phase,
    t_ms: 1_795_349_012_345 + seq * 800,
    start_t_ms: 1_795_349_012_345,
    start_sample: 0,
    sample: seq * 288,
    text: 'Ventricular run of 4 beats at 160 bpm',
    evidence: { beats: 4, rate_bpm: 160 },
    silenced: false,
    silenced_until_ms: null,
    acknowledged: false,
    acknowledged_until_ms: null,
    latched: false,
    replay: true,
  };
}

export function vitalsEvent(hrBpm: number | null): VitalsEvent {
  return {
    v: 1,
    t_ms: 1_795_349_012_345,
    hr_bpm: hrBpm,
    rr_ms: null,
    sdnn_ms: null,
    beats_per_min: null,
    quality: null,
  };
}
