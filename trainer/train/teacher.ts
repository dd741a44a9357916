/** Answers to learn from beside the labels (Hinton et al. 2015). */
export interface Teacher {
  /** Probabilities of every beat of the data set, [beats, classes]; only training beats are read. */
  readonly probabilities: Float32Array;
  /** Of what is learnt, the part that comes from the teacher. */
  readonly share: number;
}
