/** The requests that concern the stream: `strip`, `mark` and `calibrate` (daemon/requests.ts has their bodies). */
import { calibratedScale, pulseHeight } from '@rhythmd/ecg/boards/calibration.ts';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { PIPELINE_RATE_HZ } from '@rhythmd/ecg/types.ts';
import type { RequestBody } from '@rhythmd/protocol/requests.ts';
import type { StreamSession } from '../stream-session.ts';

const DEFAULT_STRIP_S = 10;
/** Signal in which the calibration pulse is looked for: several of its periods. */
const CALIBRATION_S = 5;
const VERBS = ['strip', 'mark', 'calibrate'];

/**
 * @returns the answer; undefined when the verb is none of these.
 * @throws E_NO_SIGNAL before the first sample; E_LEAD_UNKNOWN; E_STRIP_GONE; E_NO_PULSE
 */
export function answerSessionRequest(
  session: StreamSession | null,
  verb: string,
  body: RequestBody,
): unknown {
  if (!VERBS.includes(verb)) return undefined;
  if (session === null || session.end === 0) {
    throw new RhythmdError('E_NO_SIGNAL', 'no sample has arrived yet', 'See the source in health.');
  }
  const { sample, t_ms, seconds, lead, text } = body;
  if (verb === 'calibrate') return calibrate(session, leadNumber(session, lead));
  if (verb === 'mark') {
    return session.mark(
      typeof sample === 'number' ? sample : session.end - 1,
      typeof text === 'string' ? text : '',
    );
  }
  const count = Math.round((typeof seconds === 'number' ? seconds : DEFAULT_STRIP_S) * PIPELINE_RATE_HZ);
  const at =
    typeof sample === 'number' ? sample : typeof t_ms === 'number' ? session.clock.sampleAt(t_ms) : null;
  // A moment is shown in the middle; without one, the latest signal.
  const first = at === null ? session.end - count : at - (count >> 1);
  return session.strip('', leadNumber(session, lead), Math.max(0, first), count);
}

function leadNumber(session: StreamSession, name: unknown): number {
  if (typeof name !== 'string') return 0;
  const names = session.description.leadNames;
  const found = names.indexOf(name);
  if (found >= 0) return found;
  throw new RhythmdError('E_LEAD_UNKNOWN', `there is no lead "${name}"`, `There are ${names.join(', ')}.`);
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
