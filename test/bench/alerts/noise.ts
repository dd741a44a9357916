/** Record 118 with electrode motion: what is alarmed while the signal cannot be read. */
import type { Classifier } from '@rhythmd/daemon/classify/classifier.ts';
import { noisyLeads } from '@rhythmd/records/noisy-record.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { episodesHeard, playTimeline } from './play.ts';
import { referenceOf } from './reference.ts';
import { highPriorityOf } from './score.ts';
import { detectedTimeline, labelByClassifier, labelByReference } from './timeline.ts';

const RATE_HZ = 360;
const RECORDS = ['118', '119'];
const LEVELS_DB = [12, 6, 0];

export interface NoiseScore {
  readonly record: string;
  readonly snrDb: number;
  readonly labels: 'classifier' | 'reference';
  readonly hours: number;
  /** Neither record has a condition of high priority: every one is false. */
  readonly highPriority: readonly string[];
  readonly unreadableAlerts: number;
  readonly unreadableSeconds: number;
}

export async function measureNoise(
  classifier: Classifier | null,
  progress: (line: string) => void,
): Promise<NoiseScore[]> {
  const scores: NoiseScore[] = [];
  for (const name of RECORDS) {
    const record = readRecord(name);
    const { beats } = referenceOf(readAnnotations(name, 'atr'), record.sampleCount);
    for (const snrDb of LEVELS_DB) {
      const leads = noisyLeads(record, { noise: 'em', snrDb });
      const detected = detectedTimeline(leads, classifier?.card.input.channels ?? 'replicated');
      const timeline =
        classifier === null
          ? labelByReference(detected, beats)
          : await labelByClassifier(detected, classifier);
      const heard = playTimeline(timeline);
      const unreadable = episodesHeard(heard, 'poor_signal', record.sampleCount);
      scores.push({
        record: name,
        snrDb,
        labels: classifier === null ? 'reference' : 'classifier',
        hours: record.sampleCount / RATE_HZ / 3600,
        highPriority: highPriorityOf(heard),
        unreadableAlerts: unreadable.length,
        unreadableSeconds: unreadable.reduce((sum, { from, to }) => sum + to - from, 0) / RATE_HZ,
      });
      progress(`${name} with electrode motion at ${snrDb} dB done`);
    }
  }
  return scores;
}
