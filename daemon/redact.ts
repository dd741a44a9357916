/** Users and passwords never reach a log, a page or a terminal. */

/** The text with the `user:password@` of every URL in it masked. */
export function redactCredentials(text: string): string {
  return text.replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s"']*@/gi, '$1***@');
}
