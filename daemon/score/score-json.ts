/** A score report as JSON (docs: interfaces). Ratios are 0..1, null where there was nothing to divide by. */
import { BEAT_CLASSES } from '@rhythmd/ecg/ec57/beat-classes.ts';
import { STANDARD_START_S } from '@rhythmd/ecg/ec57/compare-beats.ts';
import { type EpisodeComparison, episodeRatios } from '@rhythmd/ecg/ec57/episodes.ts';
import { type RunComparison, runRatios } from '@rhythmd/ecg/ec57/runs.ts';
import type { Score, SetScore } from '@rhythmd/ecg/ec57/score.ts';
import type { ScoreReport } from './score-files.ts';

export function scoreJson({ request, records, all, unpaced }: ScoreReport): object {
  return {
    standard: 'ANSI/AAMI EC57',
    reference: request.reference,
    test: request.test,
    from_s: request.fromS,
    standard_period: request.fromS === STANDARD_START_S,
    rows: BEAT_CLASSES,
    columns: BEAT_CLASSES.map((name) => name.toLowerCase()),
    records: records.map((score) => ({ record: score.record, ...tables(score) })),
    ...setJson(all),
    without_paced: unpaced === null ? null : setJson(unpaced),
  };
}

function setJson({ records, gross, average, averageEscapeNormal }: SetScore) {
  return {
    set: records,
    gross: tables(gross),
    average: { ...average, sveb_escape_normal: averageEscapeNormal.sveb },
  };
}

function tables(score: Score) {
  const { qrs, veb, sveb, missedInShutdown } = score.statistics;
  return {
    matrix: score.matrix,
    qrs: { ...qrs, missed_in_shutdown: missedInShutdown },
    veb,
    sveb,
    matrix_escape_normal: score.matrixEscapeNormal,
    sveb_escape_normal: score.statisticsEscapeNormal.sveb,
    runs: {
      ventricular: runs(score.runs.ventricular),
      supraventricular: runs(score.runs.supraventricular),
    },
    episodes: {
      ventricular_flutter: episodes(score.episodes.ventricularFlutter),
      atrial_fibrillation: episodes(score.episodes.atrialFibrillation),
    },
  };
}

function runs({ couplets, shortRuns, longRuns }: RunComparison) {
  const counts = (run: RunComparison['couplets']) => ({ ...run, ...runRatios(run) });
  return { couplets: counts(couplets), short: counts(shortRuns), long: counts(longRuns) };
}

function episodes(comparison: EpisodeComparison) {
  const { referenceS, testS, overlapS, ...counts } = comparison;
  const { se, pp, durationSe, durationPp } = episodeRatios(comparison);
  return {
    ...counts,
    se,
    pp,
    reference_s: referenceS,
    test_s: testS,
    overlap_s: overlapS,
    duration_se: durationSe,
    duration_pp: durationPp,
  };
}
