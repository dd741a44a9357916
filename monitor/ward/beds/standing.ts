/**
 * What stands at a bed, worst first: the alerts of its device, and those of the bed itself, which no device can tell: that
 * nothing is heard of it, that what is heard is old, that two use its name.
 */
import type { AlertPriority } from '@rhythmd/ecg/types.ts';
import type { AlertEvent } from '@rhythmd/protocol/events.ts';
import { kindWords, sentence } from '../../alerts/alert-words.ts';
import { duration } from '../../time.ts';
import type { Bed } from './bed.ts';
import { SILENT_AFTER_MS } from './freshness.ts';

export interface Standing {
  readonly id: string;
  readonly priority: AlertPriority;
  readonly words: string;
  /** Seen or silenced by somebody. */
  readonly isAcknowledged: boolean;
  readonly isSilenced: boolean;
  readonly isOver: boolean;
  /** null: of the bed itself. */
  readonly alert: AlertEvent | null;
}

const RANK: Readonly<Record<AlertPriority, number>> = { high: 0, medium: 1, low: 2 };
/** Of a bed with nothing but what somebody has seen, and of one with nothing at all. */
const SEEN_RANK = 3;
const QUIET_RANK = 4;

/**
 * Nothing known of a patient may hide death: but it is likelier a cable. Medium, as a lead that is off (IEC 60601-1-8, table
 * 1); an alert of high priority that stood when the bed fell silent stands on, and stays above it.
 */
const SILENCE_PRIORITY: AlertPriority = 'medium';

/** @param steadyMs by the clock that nobody sets */
export function standingAt(bed: Bed, steadyMs: number): Standing[] {
  const own = bedAlarms(bed, steadyMs);
  const alerts = bed.book.active.map(ofAlert);
  return [...own, ...alerts].sort((a, b) => weight(a) - weight(b));
}

export function rankOf(standing: readonly Standing[]): number {
  const worst = standing[0];
  if (worst === undefined) return QUIET_RANK;
  return worst.isAcknowledged ? SEEN_RANK : RANK[worst.priority];
}

/** What is wrong with hearing it, in a sentence; null: nothing, or this page hears nobody. */
export function silenceWords(bed: Bed, steadyMs: number): string | null {
  const { freshness, listeningSinceMs } = bed;
  if (listeningSinceMs === null || bed.isFresh(steadyMs)) return null;
  const { heardMs } = freshness;
  const quietMs = steadyMs - (heardMs ?? listeningSinceMs);
  if (bed.isGone) return 'Device gone';
  if (bed.isCutOff) return 'The line to the device is cut';
  if (quietMs < SILENT_AFTER_MS) {
    return freshness.lateMs > 0 ? `What it says is ${duration(freshness.lateMs)} old` : null;
  }
  return heardMs === null ? 'Not heard yet' : `Not heard for ${duration(quietMs)}`;
}

function bedAlarms(bed: Bed, steadyMs: number): Standing[] {
  const alarms: Standing[] = [];
  const silence = silenceWords(bed, steadyMs);
  if (silence !== null) alarms.push(ofBed('silent', silence, bed.isSilenceSeen));
  if (bed.startsAgain(steadyMs)) {
    alarms.push(ofBed('twice', 'Two devices use this name, or it starts again and again', false));
  }
  return alarms;
}

function ofBed(id: string, words: string, isSeen: boolean): Standing {
  return {
    id,
    words,
    priority: SILENCE_PRIORITY,
    isAcknowledged: isSeen,
    isSilenced: false,
    isOver: false,
    alert: null,
  };
}

function ofAlert(alert: AlertEvent): Standing {
  return {
    id: alert.id,
    priority: alert.priority,
    words: alert.text === '' ? kindWords(alert.kind) : sentence(alert.text),
    isAcknowledged: alert.acknowledged,
    isSilenced: alert.silenced,
    isOver: alert.latched,
    alert,
  };
}

function weight({ isAcknowledged, priority }: Standing): number {
  return (isAcknowledged ? 10 : 0) + RANK[priority];
}
