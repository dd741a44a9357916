/** What other detectors make of the same records: the reference matrices beside the records. */
import { readFileSync } from 'node:fs';
import type { ConfusionMatrix } from '@rhythmd/ecg/ec57/compare-beats.ts';
import { statisticsOf } from '@rhythmd/ecg/ec57/statistics.ts';
import { findBesideRecords } from '@rhythmd/records/folders.ts';

export interface PeerErrors {
  readonly peer: string;
  /** Misses and extras from 5:00, by record. */
  readonly errors: ReadonlyMap<string, { readonly fn: number; readonly fp: number }>;
}

const NAMES: Readonly<Record<string, string>> = { ofl1: 'OSEA', gqrs: 'gqrs', wqrs: 'wqrs' };

/** Empty when the matrices are not there. */
export function readPeers(): PeerErrors[] {
  const path = findBesideRecords('ec57/matrices.json');
  if (path === null) return [];
  const { from_5_00: byPeer } = JSON.parse(readFileSync(path, 'utf8')) as {
    from_5_00: Record<string, Record<string, ConfusionMatrix>>;
  };
  return Object.entries(NAMES).map(([annotator, peer]) => ({
    peer,
    errors: new Map(
      Object.entries(byPeer[annotator] ?? {}).map(([record, matrix]) => [record, statisticsOf(matrix).qrs]),
    ),
  }));
}
