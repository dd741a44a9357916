/** Whose strip it is: bed, patient, device and source, as the daemon said last. */
import type { InfoEvent } from '@rhythmd/protocol/events.ts';

export interface StripOrigin {
  /** What people call the device; empty: nothing. */
  readonly bed: string;
  /** null: the daemon has not said yet. */
  readonly info: Pick<InfoEvent, 'device' | 'patient' | 'description'> | null;
}

/** @param fromMs of the strip: who is connected now is not said of a time before. */
export function whoOf({ bed, info }: StripOrigin, fromMs: number): string[] {
  if (info === null) return [bed];
  const { device, patient, description } = info;
  const isTheirs = patient.since_ms !== null && fromMs >= patient.since_ms;
  const label = isTheirs && patient.label !== bed ? (patient.label ?? '') : '';
  return [bed, label, device === bed ? '' : device, isTheirs ? description : ''];
}
