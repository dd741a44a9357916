/**
 * No listener, timer or callback may throw out of its turn: Node ends the process for it, and whoever sent the line
 * that made it throw has ended the monitoring. Everything that strangers can call is wrapped here: what it throws, or
 * rejects with, goes to `onFailure`, and the next call comes as if nothing had happened.
 */
export function contained<Arguments extends readonly unknown[]>(
  onFailure: (error: unknown) => void,
  listener: (...given: Arguments) => unknown,
): (...given: Arguments) => void {
  const fail = (error: unknown) => {
    try {
      onFailure(error);
    } catch {
      // Whoever is told of failures has failed too: there is nobody left to tell.
    }
  };
  return (...given) => {
    try {
      const result = listener(...given);
      if (result instanceof Promise) result.catch(fail);
    } catch (error) {
      fail(error);
    }
  };
}
