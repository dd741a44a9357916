/** `/api/reference/:record`: the reference annotations of a record, in the paper's classes, for the bench view. */

import { shownLabelOf } from '@rhythmd/ecg/beat/labels.ts';
import { PIPELINE_RATE_HZ } from '@rhythmd/ecg/types.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { readHeader } from '@rhythmd/records/read-record.ts';
import { json, problem } from './respond.ts';
import type { Route } from './route.ts';

/** A name, never a path: the record folders are all a page may read. */
const RECORD_NAME = /^[A-Za-z0-9_-]{1,64}$/;

export function referenceRoute(recordFolders: readonly string[]): Route {
  return {
    path: '/api/reference/:record',
    answer: ({ params }) => {
      const name = params.record ?? '';
      if (!RECORD_NAME.test(name)) return problem(400, 'E_RECORD_NAME', 'not the name of a record');
      const { rateHz } = readHeader(name, recordFolders);
      const scale = PIPELINE_RATE_HZ / rateHz;
      const samples: number[] = [];
      const labels: string[] = [];
      for (const { sample, code } of readAnnotations(name, 'atr', recordFolders)) {
        const label = shownLabelOf(code);
        if (label === null) continue;
        samples.push(Math.round(sample * scale));
        labels.push(label);
      }
      return json({ samples, labels });
    },
  };
}
