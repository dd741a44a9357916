/** What the page reads beside the stream: recordings, and reference annotations of replayed records. */
import { referenceRoute } from './reference-route.ts';
import { reviewRoutes } from './review/review-routes.ts';
import type { Route } from './route.ts';

export function pageRoutes(recorderFolder: string, recordFolders: readonly string[]): Route[] {
  return [...reviewRoutes(recorderFolder), referenceRoute(recordFolders)];
}
