/** Who may ask for what over MQTT. The page asks for its token before anybody comes this far. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { RequestVerb } from '@rhythmd/protocol/requests.ts';
import type { Requester } from './gateway.ts';

export const MQTT_REQUESTS = ['auto', 'users', 'off'] as const;
export type MqttRequests = (typeof MQTT_REQUESTS)[number];

/** Whatever is not named here changes what others see or hear. */
const ONLY_READS: ReadonlySet<string> = new Set([
  'strip',
  'calibrate',
  'doctor',
  'bench',
  'mark',
  'wave',
  'teach.beats',
]);

export function isChange(verb: RequestVerb): boolean {
  return !ONLY_READS.has(verb);
}

/**
 * @param setting `off`: nobody; `users`: a change needs somebody whose name we know; `auto`: it needs one on the
 *   embedded broker once that has users, and an external broker's own rules decide about the rest
 * @returns null when it may be asked
 */
export function refuseRequest(
  setting: MqttRequests,
  embeddedHasUsers: boolean,
  verb: RequestVerb,
  { via, user }: Requester,
): RhythmdError | null {
  if (via === 'page') return null;
  if (setting === 'off') {
    return new RhythmdError('E_REQUEST_REFUSED', 'requests over MQTT are off', 'See mqtt.requests');
  }
  const needsUser = setting === 'users' || (via === 'embedded broker' && embeddedHasUsers);
  if (!needsUser || user !== null || !isChange(verb)) return null;
  const why = via === 'broker' ? 'another broker does not say who asks' : 'nobody who is known asks';
  return new RhythmdError(
    'E_REQUEST_USER',
    `${verb} needs a user: ${why}`,
    'Use the page, or the embedded broker with a user (mqtt.embedded_users)',
  );
}
