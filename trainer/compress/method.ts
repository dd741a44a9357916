/** The ways a trained network is compressed. */
export const COMPRESSIONS = [
  'post-training-quantized',
  'quantized',
  'pruned',
  'clustered',
  'clustered+pruned',
  'quantized+pruned',
  'quantized+pruned+clustered',
  'per-layer',
  'low-rank',
  'channel-pruned',
  'distilled',
  // Per layer once more, for a size of one's own: a point of accuracy against size.
  'curve',
] as const;
export type CompressionMethod = (typeof COMPRESSIONS)[number];

/** What is done to which trained network; part of the run's recipe. */
export interface Compression {
  readonly method: CompressionMethod;
  /** The method whose weights it starts from; `none`: the network as trained. */
  readonly from: 'none' | CompressionMethod;
  /** Share of the prunable weights that become zero (`pruned`). */
  readonly sparsity?: number;
  /** Of weights (`quantized+pruned`); absent: eight. */
  readonly bits?: number;
  /** Values other than zero that a layer's weights share. */
  readonly clusters?: number;
  /** What the weights may take together (`per-layer`, `curve`). */
  readonly weightBytes?: number;
  /** Validation beats that each layer is measured on (`per-layer`, `curve`); absent: 512. */
  readonly measuredBeats?: number;
  /** Share of a weight's squared sum that its factors keep (`low-rank`). */
  readonly energy?: number;
  /** Share of the parameters around channels that can be left out (`channel-pruned`). */
  readonly kept?: number;
  /** Trained networks whose averaged answers are learnt from, beside the labels (`distilled`). */
  readonly teachers?: readonly string[];
  /** Of what is learnt, the part that comes from them. */
  readonly teacherShare?: number;
}

/** Tells the points of a curve apart; undefined for everything else. */
export function variantOf({ method, weightBytes }: Compression): string | undefined {
  return method === 'curve' ? `weights-${weightBytes}` : undefined;
}

/** What the model of a compression is called on disk. */
export function archiveName(network: string, method: CompressionMethod): string {
  return `${network}-${method.replaceAll('+', '-')}.zip`;
}
