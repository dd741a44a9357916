/** Records through the daemon's stages in this process: speed, and delays in signal time. */

import { RecordAnalysis } from '@rhythmd/daemon/analyze/record-analysis.ts';
import type { Classifier } from '@rhythmd/daemon/classify/classifier.ts';
import { SignalStages } from '@rhythmd/daemon/signal-stages.ts';
import { rhythmSettings } from '@rhythmd/ecg/rhythm/settings.ts';
import { PIPELINE_RATE_HZ } from '@rhythmd/ecg/types.ts';
import { openRecord } from '@rhythmd/records/open-record.ts';
import type { WfdbRecord } from '@rhythmd/records/read-record.ts';

export interface AnalysisSpeed {
  /** Seconds of signal per second of one core. */
  readonly timesRealTime: number;
  readonly beats: number;
}

export async function analysisSpeed(name: string, classifier: Classifier | null): Promise<AnalysisSpeed> {
  const record = openRecord(name);
  const analysis = new RecordAnalysis(record, {
    classifier,
    signals: record.leadNames.map((_, signal) => signal),
    settings: rhythmSettings(),
    onClassifierFailure: (error) => {
      throw error;
    },
    interruption: new AbortController().signal,
  });
  const before = process.cpuUsage();
  const { beats, sampleCount } = await analysis.run();
  const used = process.cpuUsage(before);
  record.close();
  const cpuS = (used.user + used.system) / 1e6;
  return { timesRealTime: sampleCount / PIPELINE_RATE_HZ / cpuS, beats: beats.length };
}

export interface SignalDelays {
  /** From the R wave to the peak event, and to the beat that goes to the classifier; milliseconds of signal. */
  readonly peakMs: number[];
  readonly beatMs: number[];
}

/** A board's frames hold about this much: delays are counted in whole ones. */
const CHUNK_SAMPLES = 9;

export function signalDelays(record: WfdbRecord, classifier: Classifier): SignalDelays {
  const peakMs: number[] = [];
  const beatMs: number[] = [];
  let arrived = 0;
  const since = (sample: number) => (1000 * (arrived - sample)) / PIPELINE_RATE_HZ;
  const stages = new SignalStages(
    {
      rateHz: record.rateHz,
      leads: record.leads.length,
      analysedLead: 0,
      channels: classifier.card.input.channels,
      normalisation: 'running',
    },
    {
      samples: () => {},
      quality: () => {},
      peak: (peak) => peakMs.push(since(peak.sample)),
      beat: (beat) => beatMs.push(since(beat.sample)),
    },
  );
  for (let first = 0; first < record.sampleCount; first += CHUNK_SAMPLES) {
    const count = Math.min(CHUNK_SAMPLES, record.sampleCount - first);
    arrived = first + count;
    const leads = record.leads.map((lead) => lead.subarray(first, arrived));
    stages.push({ first, rateHz: record.rateHz, leads, count, flags: 0, lost: 0 });
  }
  return { peakMs, beatMs };
}
