/** Bundles a page of monitor/ with esbuild: at start in a checkout, once by `npm run build`. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** URL path -> content type and content; `/` is the page. */
export type BundledPage = ReadonlyMap<string, { readonly type: string; readonly body: Uint8Array }>;

/** The folder of each page in monitor/, and its style sheet. */
const STYLES = { bedside: 'style.css', ward: 'ward.css' } as const;
export type PageName = keyof typeof STYLES;

const monitor = fileURLToPath(new URL('../../monitor/', import.meta.url));

export async function bundlePage(name: PageName): Promise<BundledPage> {
  const { build } = await import('esbuild');
  const result = await build({
    entryPoints: { page: `${monitor}${name}/main.ts`, style: `${monitor}style/${STYLES[name]}` },
    outdir: '/assets',
    write: false,
    bundle: true,
    minify: true,
    format: 'esm',
    target: ['es2022', 'chrome110', 'firefox115', 'safari16'],
    charset: 'utf8',
    loader: { '.woff2': 'file' },
    assetNames: '[name]',
    legalComments: 'none',
    tsconfigRaw: {},
    logLevel: 'silent',
  });
  const files = new Map<string, { type: string; body: Uint8Array }>();
  for (const file of result.outputFiles) {
    const path = file.path.slice(file.path.indexOf('/assets/'));
    files.set(path, { type: typeOf(path), body: file.contents });
  }
  for (const [path, file, type] of [
    ['/', `${name}/index.html`, 'text/html; charset=utf-8'],
    ['/sign-in', 'bedside/sign-in.html', 'text/html; charset=utf-8'],
    ['/icon.svg', 'bedside/icon.svg', 'image/svg+xml'],
  ] as const) {
    files.set(path, { type, body: await readFile(monitor + file) });
  }
  return files;
}

function typeOf(path: string): string {
  if (path.endsWith('.css')) return 'text/css; charset=utf-8';
  return path.endsWith('.woff2') ? 'font/woff2' : 'text/javascript; charset=utf-8';
}
