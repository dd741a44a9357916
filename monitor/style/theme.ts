/** Light or dark: the person's choice, else the system's. */
import type { Settings } from '../bedside/settings.ts';

export function applyTheme({ theme }: Readonly<Settings>): void {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
