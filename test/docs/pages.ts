/** The documents that are made from the program: path below the repository, and how to make the text. */
import { troubleshootingPage } from './troubleshooting-page.ts';

export const PAGES: readonly { readonly path: string; readonly make: () => string }[] = [
  { path: 'docs/troubleshooting.md', make: troubleshootingPage },
];
