/** An EDF file's header in WFDB's words: every value is (digital - baseline) / gain in the signal's unit. */
import { deliveredPerFrame } from '../wfdb/frame-rates.ts';
import type { RecordHeader, SignalHeader } from '../wfdb/header.ts';
import { formatStart } from '../wfdb/record-time.ts';
import type { EdfHeader, EdfSignal } from './edf-header.ts';

export interface EdfRecordHeader {
  /** Samples in a data record at the rate all signals are delivered at. */
  readonly perRecord: number;
  /** Where each signal of the header lies in a data record, in samples. */
  readonly signals: readonly { readonly samples: number; readonly offset: number }[];
  readonly header: (startMs: number | null) => Omit<RecordHeader, 'sampleCount'>;
}

export function edfRecordHeader(edf: EdfHeader, name: string): EdfRecordHeader {
  const places: { samples: number; offset: number }[] = [];
  const native: SignalHeader[] = [];
  let offset = 0;
  for (const signal of edf.signals) {
    if (!signal.isAnnotations) {
      places.push({ samples: signal.samples, offset });
      native.push(signalHeaderOf(signal, edf));
    }
    offset += signal.samples;
  }
  const perRecord = deliveredPerFrame(native);
  return {
    perRecord,
    signals: places,
    header: (startMs) => {
      const start = startMs === null ? null : formatStart(startMs);
      return {
        name,
        rateHz: perRecord / edf.recordS,
        baseTime: start?.baseTime ?? null,
        baseDate: start?.baseDate ?? null,
        signals: native.map((signal) => ({ ...signal, samplesPerFrame: 1 })),
        segments: null,
        comments: start === null ? [] : [start.comment],
        encoding: 'utf8',
      };
    },
  };
}

function signalHeaderOf(signal: EdfSignal, { kind }: EdfHeader): SignalHeader {
  const { digitalMin, digitalMax, physicalMin, physicalMax, units, label, transducer, prefilter } = signal;
  const gain = (digitalMax - digitalMin) / (physicalMax - physicalMin);
  // Equal limits say nothing: the values stay counts, and no unit makes them a voltage.
  const isCalibrated = Number.isFinite(gain) && gain !== 0;
  return {
    fileName: '',
    format: kind === 'BDF' ? 24 : 16,
    samplesPerFrame: signal.samples,
    skew: 0,
    byteOffset: 0,
    gain: isCalibrated ? gain : 1,
    calibrated: isCalibrated,
    baseline: isCalibrated ? digitalMin - physicalMin * gain : 0,
    baselineGiven: true,
    units: isCalibrated ? units.replace(/\s+/g, '_') || 'NU' : 'adu',
    adcBits: kind === 'BDF' ? 24 : 16,
    adcZero: 0,
    firstValue: null,
    checksum: null,
    blockSize: 0,
    description: label,
    ...(transducer === '' ? {} : { transducer }),
    ...(prefilter === '' ? {} : { prefilter }),
  };
}
