/** One example of every payload: docs/protocol.md prints it, a test publishes it. */
import type {
  AlertEvent,
  BeatEvent,
  HealthEvent,
  InfoEvent,
  LeadEvent,
  StripEvent,
  VitalsEvent,
} from './events.ts';

const T_MS = 1795349012345;

export const EXAMPLE_INFO: InfoEvent = {
  v: 1,
  version: '0.2.0',
  device: 'bed-7',
  source: 'serial:///dev/ttyUSB0?baud=115200',
  board: 'native',
  rate_hz: 360,
  leads: ['MLII', 'V1'],
  microvolts_per_count: [5, 5],
  model: {
    name: 'beatnet',
    version: '1.0.0',
    sha256: '3fa91c0000000000000000000000000000000000000000000000000000000000',
    labels: ['N', 'S', 'V', 'F', 'Q'],
    measured: {},
    exact: true,
    executor: { name: 'integer', kernel: 'webassembly', why: 'onnxruntime-node is not installed' },
  },
  patient: {
    label: 'bed 7',
    since_ms: T_MS - 7_200_000,
    paced: 'auto',
    taught: {
      id: '5f3a1b',
      beats: 12,
      answers: { N: 7, S: 3, V: 1, 'no-beat': 0, unsure: 1 },
      by: 'K. Lind',
      t_ms: T_MS - 3_600_000,
      model: 'beatnet2@1.0.0+3fa91c',
      lead: 'MLII',
      in_force: true,
      kept: true,
    },
  },
  alerts_disabled: [],
  alert_limits: [
    { name: 'bradycardia_bpm', value: 50, default: 50, changed: null },
    {
      name: 'tachycardia_bpm',
      value: 140,
      default: 120,
      changed: { by: 'K. Lind', t_ms: T_MS - 1_800_000, kept: true },
    },
  ],
  replay: false,
  description: 'a native board at 360 Hz',
  notice: 'not a medical device',
};

export const EXAMPLE_LEAD: LeadEvent = {
  v: 1,
  connected: true,
  quality: 'good',
  reason: null,
  analysed: 'MLII',
  since_ms: T_MS - 60_000,
  since_sample: 1440,
  leads: [
    { name: 'MLII', quality: 'good' },
    { name: 'V1', quality: 'noisy' },
  ],
};

export const EXAMPLE_VITALS: VitalsEvent = {
  v: 1,
  t_ms: T_MS,
  hr_bpm: 71.4,
  rr_ms: 838,
  sdnn_ms: null,
  beats_per_min: { N: 70, S: 1, V: 0, F: 0, Q: 0 },
  quality: 0.96,
};

export const EXAMPLE_BEAT: BeatEvent = {
  v: 1,
  id: '7f3a-004812',
  seq: 4812,
  t_ms: T_MS,
  t_quality: 'ntp',
  sample: 1732320,
  rate_hz: 360,
  label: 'V',
  code: 'V',
  p: 0.934,
  probabilities: { N: 0.041, S: 0.014, V: 0.934, F: 0.009, Q: 0.002 },
  rr_ms: 612,
  rr_next_ms: 1010,
  hr_bpm: 98,
  amplitude_mv: 1.31,
  quality: 0.88,
  lead: 'MLII',
  model: 'beatnet@1.0.0+3fa91c',
  latency_ms: 143,
  replay: false,
};

export const EXAMPLE_ALERT: AlertEvent = {
  v: 1,
  id: '7f3a-ventricular_tachycardia-3',
  kind: 'ventricular_tachycardia',
  priority: 'high',
  phase: 'start',
  t_ms: T_MS,
  start_t_ms: T_MS - 2400,
  start_sample: 1731456,
  sample: 1732320,
  text: 'Ventricular tachycardia: 5 beats at 152 bpm',
  evidence: { beats: 5, rate_bpm: 152 },
  silenced: false,
  silenced_until_ms: null,
  acknowledged: false,
  acknowledged_until_ms: null,
  latched: false,
  replay: false,
};

export const EXAMPLE_STRIP: StripEvent = {
  v: 1,
  alert_id: '7f3a-ventricular_tachycardia-3',
  t_ms: T_MS - 5000,
  first_sample: 1730520,
  lead: 'MLII',
  period: 1000 / 360,
  origin: { value: 0, unit: 'uV' },
  factor: 1,
  dimensions: 1,
  data: '-145 -145 -140 -135 E E -130 -120',
};

export const EXAMPLE_HEALTH: HealthEvent = {
  v: 1,
  t_ms: T_MS,
  uptime_s: 86_400,
  source: {
    state: 'streaming',
    status: 'frames arrive at 360.0 Hz',
    measured_rate_hz: 360.01,
    drift_ppm: 12,
    frames_ok: 31_104_000,
    frames_bad: 1,
    frames_lost: 0,
    samples_lost: 0,
    bytes_discarded: 17,
  },
  gaps: 0,
  queues: { verdicts_waiting: 0 },
  outbox: { bytes: 0, messages: 0, dropped: 0 },
  recorder: { state: 'recording', bytes_per_day: 93_000_000 },
  broker: { connected: true, url: 'mqtts://broker.example:8883', reason: null },
  rss_mb: 91,
  cpu_percent: 6,
  temperature_c: 48.3,
  latency_ms: { p50: 3, p95: 6, p99: 11 },
};
