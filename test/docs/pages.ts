/** The documents that are made from the program: path below the repository, and how to make the text. */
import { figuresPage } from './figures-page.ts';
import { paperPage } from './paper-page.ts';
import { protocolPage } from './protocol-page.ts';
import { protocolSchema } from './protocol-schema.ts';
import { publicSurface } from './public-surface.ts';
import { recordsPage } from './records-page.ts';
import { troubleshootingPage } from './troubleshooting-page.ts';

export const PAGES: readonly { readonly path: string; readonly make: () => string }[] = [
  { path: 'docs/figures.md', make: figuresPage },
  { path: 'docs/paper.md', make: paperPage },
  { path: 'docs/protocol.md', make: protocolPage },
  { path: 'docs/protocol.schema.json', make: protocolSchema },
  { path: 'docs/public-surface.txt', make: publicSurface },
  { path: 'docs/records.md', make: recordsPage },
  { path: 'docs/troubleshooting.md', make: troubleshootingPage },
];
