/**
 * Letter and ink of each class, the same on the page and on paper. Colours are Okabe and Ito's palette for colour-blind
 * readers (2008), darkened to 4.5:1 on paper.
 */
import type { BeatLabel } from '../types.ts';

export interface ClassInk {
  readonly letter: string;
  readonly name: string;
  /** `#rrggbb` */
  readonly ink: string;
}

export const CLASS_INKS: Readonly<Record<BeatLabel | 'unclassified', ClassInk>> = {
  N: { letter: 'N', name: 'Normal', ink: '#4a5862' },
  S: { letter: 'S', name: 'Supraventricular', ink: '#5b3fb8' },
  V: { letter: 'V', name: 'Ventricular', ink: '#b33c00' },
  F: { letter: 'F', name: 'Fusion', ink: '#94377a' },
  Q: { letter: 'Q', name: 'Paced, unclear', ink: '#4d6300' },
  '/': { letter: '/', name: 'Paced', ink: '#00568c' },
  f: { letter: 'f', name: 'Paced fusion', ink: '#006e64' },
  other: { letter: 'o', name: 'Other', ink: '#7a5700' },
  unclassified: { letter: '?', name: 'Unclassified', ink: '#5c666d' },
};
