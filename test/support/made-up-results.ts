/** Result rows that nobody measured, whole and consistent: every network, method and protocol, or a chosen few. */
import { SeededRandom } from '@rhythmd/ecg/synthetic/seeded-random.ts';
import { PAPER_LABELS } from '@rhythmd/ecg/types.ts';
import type { Protocol } from '@rhythmd/trainer/data/splits.ts';
import { metricsOf } from '@rhythmd/trainer/evaluate/metrics.ts';
import { METHODS, type Method, type ResultRow } from '@rhythmd/trainer/evaluate/result-row.ts';
import { NETWORK_NAMES } from '@rhythmd/trainer/presets/catalog.ts';
import type { EpochRecord } from '@rhythmd/trainer/train/checkpoint.ts';

const BEATS = [18_763, 1_782, 201, 1_757, 246, 4_625];
const FLOAT_BYTES: Readonly<Record<string, number>> = {
  beatnet: 147_569,
  resnet50: 94_000_000,
  resnet101: 170_000_000,
  densenet201: 73_000_000,
  mobilenetv2: 8_900_000,
  efficientnetb0: 16_000_000,
};
/** Of the float file. */
const ARCHIVED: Readonly<Record<Method, number>> = {
  none: 0.92,
  'post-training-quantized': 0.2,
  quantized: 0.2,
  pruned: 0.15,
  clustered: 0.17,
  'clustered+pruned': 0.08,
  'quantized+pruned': 0.05,
  'quantized+pruned+clustered': 0.035,
  'per-layer': 0.03,
  'low-rank': 0.3,
  'channel-pruned': 0.25,
  distilled: 0.2,
  curve: 0.02,
};

const CHOICES = {
  'conv1.weight': { sparsity: 0.5, bits: 8, clusters: 16, lossMore: 0.0012, bytes: 345.6 },
  'dense.weight': { sparsity: 0, bits: 5, clusters: null, lossMore: -0.00003, bytes: 12_345 },
};

export function madeUpResult(
  network: string,
  protocol: Protocol,
  method: Method,
  changed: Partial<ResultRow> = {},
): ResultRow {
  const seed = [...`${network}${protocol}${method}${changed.variant ?? ''}`].reduce(
    (sum, character) => (sum * 31 + character.charCodeAt(0)) % 1_000_003,
    7,
  );
  const random = new SeededRandom(seed);
  const wrong = (protocol === 'paper' ? 0.008 : 0.1) * (1 + random.uniform());
  const metrics = metricsOf(confusionWith(wrong));
  const originalBytes = FLOAT_BYTES[network] ?? 1e6;
  const archiveBytes = Math.round(originalBytes * ARCHIVED[method] * (0.9 + 0.2 * random.uniform()));
  const isInteger = method.includes('quantized');
  return {
    network,
    method,
    protocol,
    accuracy: metrics.accuracy,
    precision: metrics.macroPrecision,
    recall: metrics.macroRecall,
    parameters: Math.round(originalBytes / 4),
    fileBytes: isInteger ? Math.round(originalBytes * 0.26) : originalBytes,
    archiveBytes,
    originalBytes,
    seed: 1,
    epochs: 5,
    batch: 64,
    cpuSeconds: 3_600,
    machine: 'no machine, one thread',
    revision: 'abc1234',
    recordedOn: '2026-01-01',
    metrics,
    learning: learningOf(random),
    ...(method === 'none' ? {} : { agreementWithFloat: 0.99 + 0.009 * random.uniform() }),
    ...(isInteger ? { agreementWithFake: 0.999 + 0.0009 * random.uniform() } : {}),
    millisecondsPerBeat: 0.3 + 20 * random.uniform(),
    sparsity: method.includes('pruned') ? 0.9 : 0,
    command: `npm run trainer -- made-up ${network} ${protocol} ${method}`,
    details: method === 'per-layer' ? { choices: CHOICES } : {},
    ...changed,
  };
}

/** All of them; the large networks under the paper's protocol only. */
export function madeUpResults(): ResultRow[] {
  const rows = NETWORK_NAMES.flatMap((network) =>
    METHODS.filter((method) => method !== 'curve').flatMap((method) => {
      const isLarge = network.startsWith('resnet') || network.startsWith('densenet');
      const paper = madeUpResult(network, 'paper', method);
      return isLarge ? [paper] : [paper, madeUpResult(network, 'patient-separated', method)];
    }),
  );
  const curve = [2, 5, 10, 20, 40].map((times) =>
    madeUpResult('mobilenetv2', 'paper', 'curve', {
      variant: `sparsity-${1 - 1 / times}`,
      archiveBytes: Math.round(2_200_000 / times),
      sparsity: 1 - 1 / times,
    }),
  );
  return [...rows, ...curve];
}

/** So large a share of every class is given to the next one. */
function confusionWith(wrong: number): number[][] {
  return BEATS.map((beats, is) => {
    const missed = Math.round(beats * wrong * (is === 2 ? 4 : 1));
    return PAPER_LABELS.map((_, said) => {
      if (said === is) return beats - missed;
      return said === (is + 1) % PAPER_LABELS.length ? missed : 0;
    });
  });
}

function learningOf(random: SeededRandom): EpochRecord[] {
  return Array.from({ length: 5 }, (_, epoch) => {
    const accuracy = 1 - (0.08 + 0.02 * random.uniform()) / (epoch + 1) ** 1.3;
    return {
      epoch,
      loss: 0.4 / (epoch + 1) ** 1.5,
      accuracy,
      validation: { accuracy: accuracy - 0.002, macroRecall: 0.9 },
      cpuSeconds: 700 * (epoch + 1),
    };
  });
}
