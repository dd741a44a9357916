/** The paper's colours, from the style sheet's custom properties, so that there is one place for each theme. */
import { CLASS_KEYS, CLASS_LOOKS, type ClassKey } from '../style/class-looks.ts';

export interface StripColours {
  readonly dark: boolean;
  readonly paper: string;
  readonly gridFine: string;
  readonly gridHeavy: string;
  readonly ink: string;
  readonly inkMuted: string;
  readonly text: string;
  readonly textMuted: string;
  readonly pen: string;
  readonly hole: string;
  readonly caliper: string;
  readonly font: string;
  readonly classes: Readonly<Record<ClassKey, string>>;
}

export function readColours(): StripColours {
  const style = getComputedStyle(document.documentElement);
  const property = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const dark = property('dark') === '1';
  return {
    dark,
    paper: property('paper'),
    gridFine: property('grid-fine'),
    gridHeavy: property('grid-heavy'),
    ink: property('ink'),
    inkMuted: property('ink-muted'),
    text: property('text'),
    textMuted: property('text-muted'),
    pen: property('pen'),
    hole: property('hole'),
    caliper: property('caliper'),
    font: property('font'),
    classes: Object.fromEntries(
      CLASS_KEYS.map((key) => [key, CLASS_LOOKS[key][dark ? 'dark' : 'light']]),
    ) as Record<ClassKey, string>,
  };
}
