/** Why a broker cannot be had, in words with the fix. Codes: Node's errors, OpenSSL's, MQTT's CONNACK. */
import type { ErrorCode } from '@rhythmd/ecg/error-codes.ts';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';

const CLOCK = 'Renew it, or set the clock of this device (timedatectl)';
const AUTHORITY = 'Set mqtt.ca_file to the certificate of the authority that signed it';
const PASSWORD =
  'Check mqtt.user and where its password comes from (mqtt.password_file, RHYTHMD_MQTT_PASSWORD)';

const BY_NAME: Readonly<Record<string, readonly [code: ErrorCode, message: string, fix: string]>> = {
  ECONNREFUSED: ['E_BROKER_UNREACHABLE', 'nothing listens there', 'Start the broker or mend mqtt.url'],
  ENOTFOUND: ['E_BROKER_UNREACHABLE', 'the host name is unknown', 'Mend mqtt.url or the name service'],
  EAI_AGAIN: ['E_BROKER_UNREACHABLE', 'no name service', 'Check the network'],
  EHOSTUNREACH: ['E_BROKER_UNREACHABLE', 'the host cannot be reached', 'Check the network'],
  ENETUNREACH: ['E_BROKER_UNREACHABLE', 'no network', 'Check the network'],
  ETIMEDOUT: ['E_BROKER_UNREACHABLE', 'no answer', 'Check the network and the firewall'],
  CERT_HAS_EXPIRED: ['E_BROKER_CERTIFICATE', "the broker's certificate has expired", CLOCK],
  CERT_NOT_YET_VALID: ['E_BROKER_CERTIFICATE', "the broker's certificate is not valid yet", CLOCK],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['E_BROKER_CERTIFICATE', "the broker's certificate is self-signed", AUTHORITY],
  SELF_SIGNED_CERT_IN_CHAIN: ['E_BROKER_CERTIFICATE', 'an unknown authority signed it', AUTHORITY],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['E_BROKER_CERTIFICATE', 'an unknown authority signed it', AUTHORITY],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ['E_BROKER_CERTIFICATE', 'an unknown authority signed it', AUTHORITY],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'E_BROKER_CERTIFICATE',
    'its certificate is for another host name',
    'Use the name in the certificate in mqtt.url',
  ],
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: [
    'E_BROKER_CERTIFICATE',
    'the broker wants a certificate from us',
    'Set mqtt.cert_file and mqtt.key_file',
  ],
};

/** CONNACK codes of MQTT 3.1.1 (1 to 5) and MQTT 5 (128 and above). */
const BY_REASON: Readonly<Record<number, readonly [code: ErrorCode, message: string, fix: string]>> = {
  2: ['E_BROKER_REFUSED', 'it refuses our client id', 'Choose another device.id'],
  3: ['E_BROKER_REFUSED', 'it is not available', 'Look into its log'],
  4: ['E_BROKER_PASSWORD', 'wrong user or password', PASSWORD],
  5: ['E_BROKER_PASSWORD', 'it does not let us in', PASSWORD],
  133: ['E_BROKER_REFUSED', 'it refuses our client id', 'Choose another device.id'],
  134: ['E_BROKER_PASSWORD', 'wrong user or password', PASSWORD],
  135: ['E_BROKER_PASSWORD', 'it does not let us in', PASSWORD],
  137: ['E_BROKER_REFUSED', 'it is busy', 'Look into its log'],
  138: ['E_BROKER_REFUSED', 'it has banned us', 'Ask its administrator'],
  139: ['E_BROKER_UNREACHABLE', 'it is shutting down', 'It comes back, or start it'],
  141: ['E_BROKER_UNREACHABLE', 'it heard nothing from us in time', 'Check the network'],
  142: [
    'E_BROKER_TWIN',
    'another client with our id has taken our place',
    'Two devices have the same device.id: give each its own (empty makes one at the first start)',
  ],
  149: ['E_BROKER_REFUSED', 'a packet was larger than it takes', 'Raise its limit'],
  151: ['E_BROKER_REFUSED', 'we are over its quota', 'Raise its limit'],
  152: ['E_BROKER_REFUSED', 'its administrator has closed the connection', 'Ask its administrator'],
};

/** What a broker that does without retained messages or QoS 1 answers to a last will that asks for them (MQTT 5, 3.2.2.2). */
export const RETAIN_NOT_SUPPORTED = 154;
export const QOS_NOT_SUPPORTED = 155;
/** Another connection with our client id (MQTT 5, 3.14.2.1). */
export const SESSION_TAKEN_OVER = 142;

/** What we may not publish (MQTT 5, 3.4.2.1). */
export const NOT_AUTHORIZED = 135;

/**
 * The broker may not speak the version we tried: it says so (3.1.1: code 1, MQTT 5: 132), or hangs up before it lets us in, as
 * RabbitMQ 3.10 does.
 * @param failure null: it gave no reason
 */
export function mayBeVersion(failure: unknown): boolean {
  const code = codeOf(failure);
  return failure === null || code === 1 || code === 132 || code === 'ECONNRESET';
}

export function describeConnectError(error: unknown, shownUrl: string): RhythmdError {
  if (error instanceof RhythmdError) return error;
  const code = codeOf(error);
  const known = typeof code === 'number' ? BY_REASON[code] : BY_NAME[code ?? ''];
  const [name, message, fix] = known ?? [
    'E_BROKER_UNREACHABLE' as const,
    error instanceof Error ? error.message : String(error),
    'Look into the log of the broker',
  ];
  return new RhythmdError(name, `broker ${shownUrl}: ${message}`, fix, { cause: error });
}

export function codeOf(error: unknown): string | number | null {
  if (typeof error !== 'object' || error === null) return null;
  // Several addresses were tried (localhost is two): the first failure speaks for all.
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  if (!('code' in error)) return null;
  return typeof error.code === 'string' || typeof error.code === 'number' ? error.code : null;
}
