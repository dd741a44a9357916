/**
 * What can be alarmed: one row a kind. The priority follows IEC 60601-1-8:2006+A1+A2, table 1: what happens if
 * nobody responds (death or irreversible injury, reversible injury, discomfort) and how soon. docs/alerts.md
 * repeats the definitions with their sources.
 */
import type { AlertPriority } from '../types.ts';

export interface AlertKindDescription {
  readonly title: string;
  readonly priority: AlertPriority;
  /** IEC 60601-1-8 tells a condition of the patient from one of the equipment. */
  readonly condition: 'physiological' | 'technical';
}

export const ALERT_KINDS = {
  asystole: { title: 'Asystole', priority: 'high', condition: 'physiological' },
  ventricular_fibrillation: {
    title: 'Ventricular flutter or fibrillation',
    priority: 'high',
    condition: 'physiological',
  },
  ventricular_tachycardia: { title: 'Ventricular tachycardia', priority: 'high', condition: 'physiological' },
  ventricular_run: { title: 'Ventricular run', priority: 'medium', condition: 'physiological' },
  pause: { title: 'Pause', priority: 'medium', condition: 'physiological' },
  bradycardia: { title: 'Bradycardia', priority: 'medium', condition: 'physiological' },
  tachycardia: { title: 'Tachycardia', priority: 'medium', condition: 'physiological' },
  atrial_fibrillation: {
    title: 'Suspected atrial fibrillation',
    priority: 'medium',
    condition: 'physiological',
  },
  r_on_t: { title: 'R on T', priority: 'medium', condition: 'physiological' },
  frequent_ectopy: { title: 'Frequent ventricular ectopy', priority: 'low', condition: 'physiological' },
  couplet: { title: 'Ventricular couplet', priority: 'low', condition: 'physiological' },
  bigeminy: { title: 'Ventricular bigeminy', priority: 'low', condition: 'physiological' },
  trigeminy: { title: 'Ventricular trigeminy', priority: 'low', condition: 'physiological' },
  supraventricular_run: { title: 'Supraventricular run', priority: 'low', condition: 'physiological' },
  frequent_supraventricular_ectopy: {
    title: 'Frequent supraventricular ectopy',
    priority: 'low',
    condition: 'physiological',
  },
  atrial_bigeminy: { title: 'Supraventricular bigeminy', priority: 'low', condition: 'physiological' },
  atrial_trigeminy: { title: 'Supraventricular trigeminy', priority: 'low', condition: 'physiological' },
  lead_off: { title: 'Lead off', priority: 'medium', condition: 'technical' },
  poor_signal: { title: 'Signal unreadable', priority: 'low', condition: 'technical' },
  noise: { title: 'Noise on the lead', priority: 'low', condition: 'technical' },
  source_stalled: { title: 'Source stalled', priority: 'medium', condition: 'technical' },
  rhythm_network_unavailable: {
    title: 'Rhythm network unavailable',
    priority: 'low',
    condition: 'technical',
  },
  classifier_unavailable: { title: 'Classifier unavailable', priority: 'low', condition: 'technical' },
} as const satisfies Readonly<Record<string, AlertKindDescription>>;

export type AlertKind = keyof typeof ALERT_KINDS;

export const ALERT_KIND_NAMES = Object.keys(ALERT_KINDS) as readonly AlertKind[];
