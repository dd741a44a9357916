/**
 * How a class looks everywhere: a letter, a shape and a colour, any of which is enough. Colours are Okabe and Ito's
 * palette for colour-blind readers (2008), darkened or lightened to 4.5:1 on either paper.
 */
import { CLASS_INKS } from '@rhythmd/ecg/paper/class-ink.ts';
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
  N: look('N', 'dot', '#9fb0ba'),
  S: look('S', 'wedge', '#b3a0ff'),
  V: look('V', 'triangle', '#ff8a4c'),
  F: look('F', 'diamond', '#e59acb'),
  Q: look('Q', 'plus', '#b4cf56'),
  '/': look('/', 'bar', '#62b0f0'),
  f: look('f', 'square', '#4fd1bd'),
  other: look('other', 'ring', '#e8b93c'),
  unclassified: look('unclassified', 'cross', '#93a0a8'),
};

/** On dark paper the colours are lightened; on light paper they are those of print. */
function look(key: ClassKey, shape: ClassShape, dark: string): ClassLook {
  const { letter, name, ink } = CLASS_INKS[key];
  return { letter, name, shape, light: ink, dark };
}

export const CLASS_KEYS: readonly ClassKey[] = [...BEAT_LABELS, 'unclassified'];
