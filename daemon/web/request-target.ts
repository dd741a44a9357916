/** The target of a request line (RFC 9112, 3.2), which may be anything a stranger types. */

export interface RequestTarget {
  /** Begins with `/`, normalised: no `..` left. */
  readonly path: string;
  readonly query: URLSearchParams;
}

/**
 * @param basePath what a proxy puts before our paths; taken off where it stands
 * @returns null when it is no path of this server, such as `*` or `host:port`
 */
export function parseTarget(target: string | undefined, basePath = ''): RequestTarget | null {
  // A target that begins with `//` is a path here, not another host, as `new URL('//', base)` reads it.
  const url = target?.startsWith('/') ? `http://internal${target}` : (target ?? '');
  if (!/^https?:/i.test(url) || !URL.canParse(url)) return null;
  const { pathname, searchParams } = new URL(url);
  return { path: withoutBase(pathname, basePath), query: searchParams };
}

function withoutBase(path: string, basePath: string): string {
  return basePath !== '' && path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : path;
}
