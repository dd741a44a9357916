/** The paper's Tables 3 to 6, to print beside ours: accuracy, precision, recall, size in MB. */
export interface PaperFigures {
  readonly accuracy: number;
  readonly precision: number;
  readonly recall: number;
  readonly megabytes: number;
}

type Row = readonly [number, number, number, number];

const TABLE: Readonly<Record<string, Readonly<Record<string, Row>>>> = {
  resnet50: {
    none: [0.958, 0.961, 0.957, 274],
    quantized: [0.905, 0.908, 0.903, 33],
    pruned: [0.908, 0.911, 0.905, 25],
    'quantized+pruned': [0.895, 0.897, 0.89, 6.5],
  },
  resnet101: {
    none: [0.956, 0.959, 0.951, 497],
    quantized: [0.904, 0.907, 0.901, 44],
    pruned: [0.903, 0.907, 0.902, 37],
    'quantized+pruned': [0.89, 0.891, 0.889, 9.2],
  },
  densenet201: {
    none: [0.944, 0.951, 0.939, 226],
    quantized: [0.906, 0.91, 0.903, 18],
    pruned: [0.91, 0.912, 0.906, 15],
    'quantized+pruned': [0.901, 0.903, 0.899, 4.2],
  },
  mobilenetv2: {
    none: [0.934, 0.936, 0.931, 30],
    quantized: [0.895, 0.897, 0.894, 2.59],
    pruned: [0.9, 0.899, 0.897, 1.88],
    'quantized+pruned': [0.895, 0.892, 0.891, 0.98],
  },
  efficientnetb0: {
    none: [0.959, 0.96, 0.957, 52],
    quantized: [0.918, 0.919, 0.916, 4.67],
    pruned: [0.914, 0.915, 0.916, 3.79],
    'quantized+pruned': [0.903, 0.905, 0.905, 1.21],
  },
};

/** In the order of the paper's tables. */
export const PAPER_NETWORKS: readonly string[] = Object.keys(TABLE);

/** null where the paper has no such row (all of its rows are of its own protocol). */
export function paperFigures(network: string, method: string, protocol: string): PaperFigures | null {
  const row = protocol === 'paper' ? TABLE[network]?.[method] : undefined;
  if (row === undefined) return null;
  const [accuracy, precision, recall, megabytes] = row;
  return { accuracy, precision, recall, megabytes };
}
