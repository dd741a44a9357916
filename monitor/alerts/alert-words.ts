/** Alerts in words. */
import { ALERT_KINDS, type AlertKind } from '@rhythmd/ecg/rhythm/kinds.ts';

/** What the list calls an alert: its messages' text changes over its life, its kind does not. */
export function kindWords(kind: string): string {
  return Object.hasOwn(ALERT_KINDS, kind)
    ? ALERT_KINDS[kind as AlertKind].title
    : sentence(kind.replaceAll('_', ' '));
}

/** Whether it is of the patient, not of the equipment; a kind that is not known here may be anything. */
export function isOfThePatient(kind: string): boolean {
  return Object.hasOwn(ALERT_KINDS, kind) && ALERT_KINDS[kind as AlertKind].condition === 'physiological';
}

export function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
