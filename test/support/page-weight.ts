/** What a browser loads for the page, compressed as the daemon sends it; fonts are compressed by themselves. */
import { gzipSync } from 'node:zlib';
import { bundlePage } from '@rhythmd/daemon/web/bundle-page.ts';

export interface PageWeight {
  readonly bytes: number;
  readonly byFile: Readonly<Record<string, number>>;
}

export async function pageWeight(): Promise<PageWeight> {
  const page = await bundlePage('bedside');
  const byFile = Object.fromEntries(
    [...page].map(([path, { body }]) => [
      path,
      path.endsWith('.woff2') ? body.length : gzipSync(body).length,
    ]),
  );
  return { bytes: Object.values(byFile).reduce((sum, bytes) => sum + bytes, 0), byFile };
}
