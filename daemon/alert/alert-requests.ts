/** The requests that concern alerts: `silence`, `acknowledge` and `limits`. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { RequestHandlers } from '../requests/gateway.ts';
import type { AlertBook } from './alert-book.ts';
import type { LimitBook } from './limit-book.ts';

/** The handlers throw E_ALERT_UNKNOWN. */
export function alertHandlers(book: AlertBook): Pick<RequestHandlers, 'silence' | 'acknowledge'> {
  return {
    silence: ({ id, seconds }) => ({ until_ms: book.silence(id ?? null, seconds) }),
    acknowledge({ id }) {
      book.acknowledge(id);
      return {};
    },
  };
}

/**
 * @param changed the limits of `book` are others now
 * The handler throws E_ALERT_LIMIT where limits contradict each other, and E_REQUEST_BODY when none is named.
 */
export function limitHandlers(book: LimitBook, changed: () => void): Pick<RequestHandlers, 'limits'> {
  return {
    limits: async ({ limits, by }, { user }) => {
      if (Object.values(limits).every((value) => value === undefined)) {
        throw new RhythmdError(
          'E_REQUEST_BODY',
          'no limit is named',
          'Send such as {"tachycardia_bpm": 140}.',
        );
      }
      const kept = book.set(limits, by?.trim() ?? user);
      changed();
      // Whether the disk took it is told with the next facts.
      await kept;
      changed();
      return { limits: book.facts() };
    },
  };
}
