/** What the trainer can be told. A verb is one file, loaded when it is used. */
export interface Verb {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<{ readonly run: (args: string[]) => Promise<number> }>;
}

export const verbs: readonly Verb[] = [
  {
    name: 'dataset',
    summary: 'make the beat images and print counts per class and split',
    load: () => import('./dataset.ts'),
  },
  {
    name: 'train',
    summary: 'train a network, or go on from its checkpoint',
    load: () => import('./train.ts'),
  },
  {
    name: 'evaluate',
    summary: 'measure a trained network on its test set',
    load: () => import('./evaluate.ts'),
  },
  { name: 'export', summary: 'write a trained network as an ONNX model', load: () => import('./export.ts') },
  {
    name: 'compress',
    summary: 'quantize, prune or cluster a trained network, with further training',
    load: () => import('./compress.ts'),
  },
  {
    name: 'new-patients',
    summary: 'train and measure the folds of patients never seen',
    load: () => import('./new-patients.ts'),
  },
  { name: 'report', summary: "print the results beside the paper's", load: () => import('./report.ts') },
];
