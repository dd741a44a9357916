/** The requests that concern alerts: `silence` and `acknowledge` (daemon/requests.ts has their bodies). */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { RequestBody } from '@rhythmd/protocol/requests.ts';
import type { AlertBook } from './alert-book.ts';

/**
 * @returns the answer; undefined when the verb is none of these.
 * @throws RhythmdError E_REQUEST_BODY, E_ALERT_UNKNOWN
 */
export function answerAlertRequest(book: AlertBook, verb: string, body: RequestBody): unknown {
  if (verb === 'silence') {
    const { id, seconds } = body;
    if (seconds !== undefined && !(typeof seconds === 'number' && seconds >= 0)) {
      throw new RhythmdError('E_REQUEST_BODY', 'seconds is not a number of seconds', 'Send 0 or more');
    }
    return { until_ms: book.silence(typeof id === 'string' ? id : null, seconds) };
  }
  if (verb === 'acknowledge') {
    if (typeof body.id !== 'string') {
      throw new RhythmdError('E_REQUEST_BODY', 'acknowledge needs the id of an alert', 'Send {"id": "..."}');
    }
    book.acknowledge(body.id);
    return {};
  }
  return undefined;
}
