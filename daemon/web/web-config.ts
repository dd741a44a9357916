/** The keys of `[web]`, and the server's options from them. */
import { flag, integer, list, text } from '../config/keys.ts';
import { configuredPath } from '../config/paths.ts';
import type { WebOptions } from './options.ts';

export const webKeys = {
  host: text({
    default: '127.0.0.1',
    doc: 'The address it listens on. Anything but the loopback address needs a token. Empty: no page.',
  }),
  port: integer({ default: 8360, min: 0, max: 65535, doc: 'The port; 0: any free one, told in the log.' }),
  token: text({
    default: '',
    secret: true,
    doc: 'What a browser has to show. Empty: none, loopback only.',
  }),
  token_on_loopback: flag({
    default: true,
    doc:
      'Whether a browser on this machine has to show the token too, once there is one. ' +
      'A proxy on this machine looks like one.',
  }),
  trusted_proxy: text({
    default: '',
    pattern: /^[0-9A-Fa-f.:/, ]*$/,
    allowed: 'addresses and networks with commas between them, such as 127.0.0.1,::1',
    doc: 'Where a proxy of ours calls from: its X-Forwarded-For, -Host and -Proto count. Needs a token. Empty: none.',
  }),
  allowed_hosts: list({
    default: [],
    pattern: /^[A-Za-z0-9._-]+$/,
    allowed: 'host names',
    doc: 'Names by which a browser may call the page, beside localhost and every address.',
  }),
  base_path: text({
    default: '',
    pattern: /^$|^(\/[A-Za-z0-9._~-]+)+$/,
    allowed: 'a path such as /rhythmd, or empty',
    doc: 'A path that a proxy puts before ours and does not take off again.',
  }),
  tls_cert: text({ default: '', doc: 'The certificate of the page, PEM. Empty: plain HTTP.' }),
  tls_key: text({ default: '', doc: 'The key of its certificate, PEM.' }),
} as const;

/** The values of `[web]`. */
interface WebSection {
  readonly host: string;
  readonly port: number;
  readonly token: string;
  readonly token_on_loopback: boolean;
  readonly trusted_proxy: string;
  readonly allowed_hosts: readonly string[];
  readonly base_path: string;
  readonly tls_cert: string;
  readonly tls_key: string;
}

/** One of certificate and key alone goes on as it is: reading the pair says what is wrong. */
export function webOptions(web: WebSection, environment: NodeJS.ProcessEnv): WebOptions {
  const { host, port, token, tls_cert, tls_key } = web;
  const path = (file: string) => (file === '' ? '' : configuredPath(file, environment));
  return {
    host,
    port,
    token,
    tokenOnLoopback: web.token_on_loopback,
    trustedProxies: web.trusted_proxy.split(',').flatMap((word) => word.trim() || []),
    allowedHosts: web.allowed_hosts,
    basePath: web.base_path,
    tls: tls_cert === '' && tls_key === '' ? null : { certFile: path(tls_cert), keyFile: path(tls_key) },
  };
}
