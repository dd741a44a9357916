/** The requests that concern alerts: `silence` and `acknowledge`. */
import type { RequestHandlers } from '../requests/gateway.ts';
import type { AlertBook } from './alert-book.ts';

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
