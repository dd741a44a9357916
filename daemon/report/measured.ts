/** A model's measured figures out of its card, whose table has the protocols of the training that made it. */
import type { ModelCard } from '../classify/model-card.ts';
import type { MeasuredClass, ReportModel } from './finished-report.ts';

const CLASSES = ['V', 'S'] as const;

export function modelOf(card: ModelCard, isKnown: boolean): ReportModel {
  const { name, version, sha256, measured } = card;
  return { name, version, sha256, is_known: isKnown, measured: measuredOf(measured) };
}

/** The first protocol that says both of V: cards list what was measured on patients of nobody's training first. */
function measuredOf(measured: ModelCard['measured']): ReportModel['measured'] {
  for (const [protocol, told] of Object.entries(measured)) {
    const table = record(told);
    const rows = record(table?.twoLeads) ?? record(table?.oneLead) ?? table;
    if (rows === null || record(rows.V) === null) continue;
    const classes = CLASSES.flatMap((label): MeasuredClass[] => {
      const row = record(rows[label]);
      if (row === null) return [];
      return [
        {
          label,
          sensitivity: share(row.sensitivity),
          positive_predictivity: share(row.positivePredictivity),
        },
      ];
    });
    return { of: typeof table?.of === 'string' ? table.of : protocol, classes };
  }
  return null;
}

function record(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
}

function share(value: unknown): number | null {
  return typeof value === 'number' && value >= 0 && value <= 1 ? value : null;
}
