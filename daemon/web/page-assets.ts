/**
 * A page's files, packed: nearly every browser takes them as they are kept. A build has them in `pages/`, each page in a file
 * that is read when it is served, as a program that holds them would hold them twice; a checkout bundles them at start.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { fromInstallation } from '@rhythmd/shell/installation.ts';
import type { BundledPage, PageName } from './bundle-page.ts';

export interface PageAsset {
  readonly type: string;
  readonly gzip: Uint8Array;
}

/** URL path -> file; `/` is the page. */
export type PageAssets = ReadonlyMap<string, PageAsset>;

/** In the file of a build: URL path -> content type, and the packed content in base64. */
type BuiltPage = Readonly<Record<string, { readonly type: string; readonly gzip: string }>>;

/** Below the installation, or the folder of a build. */
export function builtPageFile(name: PageName): string {
  return `pages/${name}.json`;
}

/** What a build writes there. */
export function builtPage(page: BundledPage): string {
  const files = [...page].map(([path, { type, body }]) => {
    return [path, { type, gzip: packed(body).toString('base64') }] as const;
  });
  return JSON.stringify(Object.fromEntries(files) satisfies BuiltPage);
}

/** @throws RhythmdError E_PAGE when the page cannot be bundled. */
export async function loadPage(name: PageName): Promise<PageAssets> {
  const path = fromInstallation(builtPageFile(name));
  if (existsSync(path)) {
    const page: BuiltPage = JSON.parse(await readFile(path, 'utf8'));
    return new Map(
      Object.entries(page).map(([at, { type, gzip }]) => [at, { type, gzip: Buffer.from(gzip, 'base64') }]),
    );
  }
  const page = await bundle(name);
  return new Map([...page].map(([at, { type, body }]) => [at, { type, gzip: packed(body) }]));
}

function packed(body: Uint8Array): Buffer {
  return gzipSync(body, { level: 9 });
}

async function bundle(name: PageName): Promise<BundledPage> {
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
