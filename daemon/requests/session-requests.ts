/** The requests that concern the stream: `strip`, `mark` and `calibrate`. */
import { calibratedScale, pulseHeight } from '@rhythmd/ecg/boards/calibration.ts';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { PIPELINE_RATE_HZ } from '@rhythmd/ecg/types.ts';
import type { StreamSession } from '../stream-session.ts';
import type { RequestHandlers } from './gateway.ts';

const DEFAULT_STRIP_S = 10;
/** Signal in which the calibration pulse is looked for: several of its periods. */
const CALIBRATION_S = 5;

/**
 * @param current the session now; null before the first sample
 * The handlers throw E_NO_SIGNAL before the first sample, E_LEAD_UNKNOWN, E_SAMPLE_UNKNOWN, E_STRIP_GONE, E_NO_PULSE.
 */
export function sessionHandlers(
  current: () => StreamSession | null,
): Pick<RequestHandlers, 'strip' | 'mark' | 'calibrate'> {
  const streaming = (): StreamSession => {
    const session = current();
    if (session !== null && session.end > 0) return session;
    throw new RhythmdError('E_NO_SIGNAL', 'no sample has arrived yet', 'See the source in health.');
  };
  return {
    calibrate({ lead }) {
      const session = streaming();
      return calibrate(session, leadNumber(session, lead));
    },
    mark({ sample, text }) {
      const session = streaming();
      return session.mark(knownSample(session, sample) ?? session.end - 1, text ?? '');
    },
    strip({ sample, t_ms, seconds, lead }) {
      const session = streaming();
      const count = Math.round((seconds ?? DEFAULT_STRIP_S) * PIPELINE_RATE_HZ);
      const at = knownSample(session, sample) ?? (t_ms === undefined ? null : session.sampleAt(t_ms));
      // A moment is shown in the middle; without one, the latest signal.
      const first = at === null ? session.end - count : at - (count >> 1);
      return session.strip('', leadNumber(session, lead), Math.max(0, first), count);
    },
  };
}

/** A moment that has not been cannot be shown or marked. @returns null when none was asked for. */
function knownSample(session: StreamSession, sample: number | undefined): number | null {
  if (sample === undefined) return null;
  if (sample < session.end) return sample;
  throw new RhythmdError(
    'E_SAMPLE_UNKNOWN',
    `sample ${sample} has not come yet`,
    `The stream has ${session.end} samples.`,
  );
}

function leadNumber(session: StreamSession, name: string | undefined): number {
  if (name === undefined) return session.analysedLead;
  const names = session.description.leadNames;
  const found = names.indexOf(name);
  if (found >= 0) return found;
  throw unknownLead(name, names);
}

export function unknownLead(name: string, names: readonly string[]): RhythmdError {
  return new RhythmdError('E_LEAD_UNKNOWN', `there is no lead "${name}"`, `There are ${names.join(', ')}.`);
}

/** It is told, not applied: `source.microvolts_per_count` keeps it over a restart. */
function calibrate(session: StreamSession, lead: number): { microvolts_per_count: number; pulse_mv: number } {
  const heightMv = pulseHeight(session.latest(lead, CALIBRATION_S * PIPELINE_RATE_HZ));
  const scale = session.description.microvoltsPerCount[lead] ?? null;
  if (heightMv === null || scale === null) {
    const what = scale === null ? 'the board has no scale to correct' : 'no 1 mV square wave in the last 5 s';
    throw new RhythmdError('E_NO_PULSE', what, 'Put the board into its calibration mode and ask again.');
  }
  const round = (value: number) => Number(value.toPrecision(5));
  return { microvolts_per_count: round(calibratedScale(scale, heightMv)), pulse_mv: round(heightMv) };
}
