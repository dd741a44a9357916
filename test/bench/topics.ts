/** The topics of `npm run bench -- NAME`, loaded only when asked for. One line a topic. */
import type { BenchTopic } from './topic.ts';

export const TOPICS: Readonly<Record<string, () => Promise<{ topic: BenchTopic }>>> = {
  detector: () => import('./detector.ts'),
  classifier: () => import('./classifier.ts'),
  daemon: () => import('./daemon.ts'),
  alerts: () => import('./alerts.ts'),
  'beat-delay': () => import('./beat-delay.ts'),
  delay: () => import('./delay.ts'),
  delivery: () => import('./delivery.ts'),
  memory: () => import('./memory.ts'),
  recorder: () => import('./recorder.ts'),
  records: () => import('./records.ts'),
  'long-record': () => import('./long-record.ts'),
  boards: () => import('./boards.ts'),
  fuzz: () => import('./fuzz.ts'),
  soak: () => import('./soak.ts'),
  faults: () => import('./faults.ts'),
  page: () => import('./page.ts'),
  ward: () => import('./ward.ts'),
  scale: () => import('./scale.ts'),
  trainer: () => import('./trainer.ts'),
  instructions: () => import('./instructions.ts'),
  processors: () => import('./processors.ts'),
  rows: () => import('./rows.ts'),
};
