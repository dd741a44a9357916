/** Where a broker is: what may be shown of a URL, and which hosts are this machine only. */

/** The URL without user and password, for logs, health and people. */
export function redactUrl(url: string): string {
  try {
    const parsed = new URL(url);
    if (parsed.username === '' && parsed.password === '' && parsed.search === '') return url;
    parsed.username = '';
    parsed.password = '';
    // Brokers in the cloud take tokens in the query.
    parsed.search = '';
    return parsed.href;
  } catch {
    return '(not a URL)';
  }
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}
