/** What a daemon on its bench would answer, for pages on a stage: nothing of it changes anything. */
import { EPOCH_MS } from './stage.ts';

const strip = {
  v: 1,
  alert_id: '',
  t_ms: EPOCH_MS,
  first_sample: 0,
  lead: 'MLII',
  period: 1000 / 360,
  origin: { value: 0, unit: 'uV' },
  factor: 1,
  dimensions: 1,
  data: Array.from({ length: 1440 }, (_, i) => (i % 360 < 20 ? 900 : 0)).join(' '),
};

const ANSWERS: Readonly<Record<string, unknown>> = {
  bench: {
    records: ['100', '208', '233'],
    record: '208',
    speed: 1,
    speeds: [0.5, 1, 2, 5, 10, 20],
    duration_s: 1805,
    origin_sample: 0,
    faults: ['lead-off', 'saturation', 'hum'],
  },
  'teach.beats': {
    beats: [1, 2, 3].map((n) => ({ id: `b${n}`, sample: 720, t_ms: EPOCH_MS + n * 1000, label: 'N', strip })),
  },
  doctor: {
    findings: [
      { check: 'source', state: 'ok', text: 'frames arrive', fix: '' },
      { check: 'clock', state: 'warning', text: 'the clock is not set', fix: 'Start NTP.' },
    ],
  },
};

export function fakeAnswers(verb: string): unknown {
  return ANSWERS[verb.startsWith('bench') ? 'bench' : verb] ?? {};
}
