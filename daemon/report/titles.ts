/** What an alarm's kind is called for people. */
import { ALERT_KINDS, type AlertKind } from '@rhythmd/ecg/rhythm/kinds.ts';

export function kindTitle(kind: string): string {
  return Object.hasOwn(ALERT_KINDS, kind) ? ALERT_KINDS[kind as AlertKind].title : kind;
}
