/** What answers a path. A route is a pattern such as `/api/recordings/:name/wave` and a function. */
import type { Answer } from './respond.ts';

export interface RouteInput {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

export interface Route {
  readonly path: string;
  /** Takes so long that only one such answer is made at a time. */
  readonly isLong?: boolean;
  readonly answer: (input: RouteInput) => Answer | Promise<Answer>;
}

/** @returns the route and what its `:names` stand for; null when none fits. */
export function findRoute(
  routes: readonly Route[],
  path: string,
): { route: Route; params: Record<string, string> } | null {
  const segments = path.split('/');
  for (const route of routes) {
    const params = matchSegments(route.path.split('/'), segments);
    if (params) return { route, params };
  }
  return null;
}

function matchSegments(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | null {
  if (pattern.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (let i = 0; i < pattern.length; i++) {
    const expected = pattern[i]!;
    const actual = segments[i]!;
    if (!expected.startsWith(':')) {
      if (expected !== actual) return null;
      continue;
    }
    try {
      params[expected.slice(1)] = decodeURIComponent(actual);
    } catch {
      return null;
    }
  }
  return params;
}
