/**
 * How a class looks everywhere: a letter, a shape and a colour, any of which is enough. Colours are Okabe and Ito's
 * palette for colour-blind readers (2008), darkened or lightened to 4.5:1 on either paper.
 */
import { BEAT_LABELS, type BeatLabel } from '@rhythmd/ecg/types.ts';

export type ClassKey = BeatLabel | 'unclassified';
export type ClassShape =
  | 'dot'
  | 'wedge'
  | 'triangle'
  | 'diamond'
  | 'plus'
  | 'bar'
  | 'square'
  | 'ring'
  | 'cross';

export interface ClassLook {
  readonly letter: string;
  readonly name: string;
  readonly shape: ClassShape;
  readonly light: string;
  readonly dark: string;
}

export const CLASS_LOOKS: Readonly<Record<ClassKey, ClassLook>> = {
  N: { letter: 'N', name: 'Normal', shape: 'dot', light: '#4a5862', dark: '#9fb0ba' },
  S: { letter: 'S', name: 'Supraventricular', shape: 'wedge', light: '#5b3fb8', dark: '#b3a0ff' },
  V: { letter: 'V', name: 'Ventricular', shape: 'triangle', light: '#b33c00', dark: '#ff8a4c' },
  F: { letter: 'F', name: 'Fusion', shape: 'diamond', light: '#94377a', dark: '#e59acb' },
  Q: { letter: 'Q', name: 'Paced, unclear', shape: 'plus', light: '#4d6300', dark: '#b4cf56' },
  '/': { letter: '/', name: 'Paced', shape: 'bar', light: '#00568c', dark: '#62b0f0' },
  f: { letter: 'f', name: 'Paced fusion', shape: 'square', light: '#006e64', dark: '#4fd1bd' },
  other: { letter: 'o', name: 'Other', shape: 'ring', light: '#7a5700', dark: '#e8b93c' },
  unclassified: { letter: '?', name: 'Unclassified', shape: 'cross', light: '#5c666d', dark: '#93a0a8' },
};

export const CLASS_KEYS: readonly ClassKey[] = [...BEAT_LABELS, 'unclassified'];
