/**
 * `npm run bench -- alerts [--model PATH] [--docs] [danger | curves | RECORD...] [--rhythm PATH] [--estimates DIR] [--page FILE]
 * [--databases cudb,vfdb]`: first what kills (danger.ts; the words `danger` and `curves` measure only that), then episodes
 * found and false per kind of alert on the MIT-BIH records, at three levels: reference beats with perfect labels (what the
 * rules can do), our own peaks with reference labels (what the detector costs), and end to end without the rhythm network.
 */

import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { modelIdentity } from '@rhythmd/daemon/classify/model-card.ts';
import { openModel } from '@rhythmd/daemon/classify/open-model.ts';
import { MITDB_RECORDS } from '@rhythmd/records/mitdb.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { fromInstallation } from '@rhythmd/shell/installation.ts';
import { DANGER_DATABASES } from './alerts/danger/measure.ts';
import { measureDangerCurves, measureDangers } from './alerts/danger.ts';
import { CURVE_MARKS, DANGER_MARKS, keptResults, writeTables } from './alerts/docs.ts';
import { measureNoise, type NoiseScore } from './alerts/noise.ts';
import { playTimeline } from './alerts/play.ts';
import { referenceOf } from './alerts/reference.ts';
import { type RecordScore, scoreRecord } from './alerts/score.ts';
import { tablesOf } from './alerts/tables.ts';
import {
  detectedTimeline,
  labelByClassifier,
  labelByReference,
  referenceTimeline,
} from './alerts/timeline.ts';
import type { BenchTopic } from './topic.ts';

export type Level = 'reference beats' | 'own peaks, reference labels' | 'end to end';
export type Scores = Record<Level, RecordScore[]>;

/** What the daemon ships with; `--model PATH` measures another. */
const DEFAULT_MODEL = 'models/beatnet2-without-ds2';

export const topic: BenchTopic = {
  summary: 'alerts found and false against the rhythm annotations and beat codes of the MIT-BIH records',
  async run(args, progress) {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        model: { type: 'string' },
        docs: { type: 'boolean', default: false },
        rhythm: { type: 'string' },
        estimates: { type: 'string' },
        page: { type: 'string', default: 'alerts.html' },
        databases: { type: 'string', default: DANGER_DATABASES.join() },
      },
      allowPositionals: true,
    });
    if (positionals[0] === 'danger') {
      const { tables, json } = await measureDangers({ ...values, progress });
      if (values.docs) writeTables(tables, 'models/beatnet2-without-ds2 and models/rhythmnet', DANGER_MARKS);
      return { tables, json: { ...keptResults(), danger: json } };
    }
    if (positionals[0] === 'curves') {
      const { tables, json } = await measureDangerCurves({ ...values, progress });
      if (values.docs) writeTables(tables, 'models/beatnet2-without-ds2 and models/rhythmnet', CURVE_MARKS);
      return { tables, json: { ...keptResults(), curves: json } };
    }
    const names = positionals.length > 0 ? positionals : MITDB_RECORDS;
    const model = values.model ?? fromInstallation(DEFAULT_MODEL);
    const classifier = existsSync(model) ? await openModel(model, 'auto') : null;
    if (classifier === null) progress(`no model at ${model}: nothing end to end`);
    const scores: Scores = { 'reference beats': [], 'own peaks, reference labels': [], 'end to end': [] };
    for (const name of names) {
      const record = readRecord(name);
      const lead = record.leads[0]!;
      const reference = referenceOf(readAnnotations(name, 'atr'), record.sampleCount);
      const byRule = playTimeline(referenceTimeline(reference.beats, lead));
      const score = (heard: typeof byRule) => scoreRecord(name, reference, heard, byRule, record.sampleCount);
      scores['reference beats'].push(score(byRule));
      const channels = classifier?.card.input.channels ?? 'replicated';
      const detected = detectedTimeline(record.leads, channels);
      const labelled = labelByReference(detected, reference.beats);
      scores['own peaks, reference labels'].push(score(playTimeline(labelled)));
      if (classifier !== null) {
        const classified = await labelByClassifier(detected, classifier);
        scores['end to end'].push(score(playTimeline(classified)));
      }
      progress(`${name} done`);
    }
    let noise: NoiseScore[] = [];
    if (positionals.length === 0) noise = await measureNoise(classifier, progress);
    await classifier?.close();
    const danger = positionals.length === 0 ? await measureDangers({ ...values, progress }) : null;
    const curves = positionals.length === 0 ? await measureDangerCurves({ ...values, progress }) : null;
    const tables = tablesOf(scores, noise);
    if (values.docs) writeTables(tables, classifier === null ? 'none' : modelIdentity(classifier.card));
    return {
      tables: [...(danger?.tables ?? []), ...(curves?.tables ?? []), ...tables],
      json: {
        model: classifier?.card ?? null,
        levels: scores,
        noise,
        danger: danger?.json ?? null,
        curves: curves?.json ?? null,
      },
    };
  },
};
