/**
 * A page's files. A build embeds them (`daemon/build.ts` defines RHYTHMD_PAGES from `bundlePage`); a
 * checkout bundles them at start.
 */
import { gzipSync } from 'node:zlib';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { EmbeddedPage, PageName } from './bundle-page.ts';

declare const RHYTHMD_PAGES: Readonly<Record<PageName, EmbeddedPage>> | undefined;

export interface PageAsset {
  readonly type: string;
  readonly body: Uint8Array;
  readonly gzip: Uint8Array;
}

/** URL path -> file; `/` is the page. */
export type PageAssets = ReadonlyMap<string, PageAsset>;

/** @throws E_PAGE when the page cannot be bundled. */
export async function loadPage(name: PageName): Promise<PageAssets> {
  const page = typeof RHYTHMD_PAGES === 'undefined' ? await bundle(name) : RHYTHMD_PAGES[name];
  const assets = new Map<string, PageAsset>();
  for (const [path, { type, base64 }] of Object.entries(page)) {
    const body = Buffer.from(base64, 'base64');
    assets.set(path, { type, body, gzip: gzipSync(body, { level: 9 }) });
  }
  return assets;
}

async function bundle(name: PageName): Promise<EmbeddedPage> {
  try {
    const { bundlePage } = await import('./bundle-page.ts');
    return await bundlePage(name);
  } catch (cause) {
    throw new RhythmdError(
      'E_PAGE',
      'the page could not be bundled',
      'Run npm ci; the daemon goes on without it',
      {
        cause,
      },
    );
  }
}
