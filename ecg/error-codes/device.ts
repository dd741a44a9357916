/** Codes of the running daemon: configuration, source, broker, page, what is kept on disk. */
import type { ErrorRow } from './row.ts';

export const DEVICE_ERRORS = {
  E_UNEXPECTED: {
    cause: 'Something went wrong that the program does not know: a mistake of ours.',
    fix: 'Report it with the lines of the log around it.',
  },
  E_USAGE: {
    cause: 'A command was called with words or options that it does not have.',
    fix: 'Call it with `--help`; the message repeats the usage.',
    usage: true,
  },
  E_NODE_VERSION: {
    cause: 'The Node that starts the program is older than it needs.',
    fix: 'Install Node 18.20 or later: the nodejs of Debian 12, or one from nodejs.org.',
    usage: true,
  },
  E_STARTING: { cause: 'A request came before the daemon was ready.', fix: 'Ask again after a second.' },

  E_CONFIG_FILE: {
    cause: 'The configuration file cannot be read.',
    fix: 'Check the path given to --config.',
    usage: true,
  },
  E_CONFIG_SYNTAX: {
    cause: 'The configuration file is not TOML.',
    fix: 'Correct the line that is named.',
    usage: true,
  },
  E_CONFIG_INVALID: {
    cause: 'A key is unknown, or its value out of range; every mistake is listed at once.',
    fix: '`rhythmd config schema` lists every key with its range.',
    usage: true,
  },
  E_DEVICE_ID: {
    cause: 'device.id cannot be one level of a topic.',
    fix: 'Use up to 64 letters, digits, _ and -.',
    usage: true,
  },
  E_ALERT_LIMIT: {
    cause: 'An alert limit is unknown or outside its range, or two limits contradict each other.',
    fix: 'docs/alerts.md lists the limits and their ranges.',
    usage: true,
  },

  E_SOURCE_URL: {
    cause: 'source.url is no address that can be opened.',
    fix: 'The message shows examples.',
    usage: true,
  },
  E_BOARD_UNKNOWN: { cause: 'No board has this name.', fix: '`rhythmd boards` lists them.', usage: true },
  E_PORT_NONE: {
    cause: 'There is no USB serial port.',
    fix: 'Plug the board in, or name its port in source.url.',
  },
  E_PORT_MISSING: { cause: 'The serial port does not exist.', fix: '`rhythmd ports` lists what is there.' },
  E_PORT_OPEN: { cause: 'The serial port cannot be opened.', fix: 'Run `rhythmd doctor`.' },
  E_PORT_BUSY: {
    cause: 'Another program holds the serial port.',
    fix: 'End that program; the message names it where it can.',
  },
  E_PORT_PERMISSION: {
    cause: 'The serial port belongs to another group.',
    fix: 'Add the user to the group dialout and sign in again.',
  },
  E_PORT_UNPLUGGED: { cause: 'The serial port is gone.', fix: 'Plug the board in again; it is looked for.' },
  E_SOURCE_CONNECT: {
    cause: 'Nothing answers at the address of the source.',
    fix: 'Start ser2net or the simulator there, or correct source.url.',
  },
  E_SOURCE_LOST: {
    cause: 'The connection to the source broke off.',
    fix: 'Nothing to do: it is made again.',
  },
  E_SOURCE_NO_FRAMES: {
    cause: 'Bytes arrive, but no board makes sense of them.',
    fix: 'Name the board and its baud rate; `rhythmd boards` lists both.',
  },
  E_SOURCE_STALLED: {
    cause: 'The source is open and sends nothing.',
    fix: 'Look at the cable and the board; it is opened again if this goes on.',
  },
  E_RATE_LOW: {
    cause: 'The board sends so few samples that the shape of a beat is coarse.',
    fix: 'Raise its rate, or the baud rate of its sketch.',
  },
  E_RATE_RANGE: {
    cause: 'A sample rate that cannot be resampled.',
    fix: 'Rates from 50 to 4,000 Hz are possible; the message says which.',
  },
  E_RATE_WRONG: {
    cause: 'The board sends more or fewer samples than it declares.',
    fix: 'Set source.rate_hz to the measured rate: every interval is off by the ratio until then.',
  },
  E_NOT_A_REPLAY: {
    cause: 'Something was asked of a replay, and a board is the source.',
    fix: 'Set source.url to sim:RECORD.',
  },
  E_SIM_MISSING: {
    cause: 'The simulated board is not installed.',
    fix: 'Set source.url to a real board, or install the simulator beside the daemon.',
  },
  E_SIM_START: {
    cause: 'The simulated board did not start; the message repeats what it said.',
    fix: 'Mend what it names.',
  },
  E_SIM_LISTEN: {
    cause: 'The simulated board cannot listen where it was told to.',
    fix: 'Remove what stands there, or choose another place.',
  },
  E_SOCAT_MISSING: { cause: 'No pseudo terminal could be made.', fix: 'Install socat.' },
  E_FAULTS: {
    cause: 'A fault script has a mistake.',
    fix: 'The message names the line; docs/simulator.md has the words.',
  },
  E_FIRMWARE_HEX: {
    cause: 'A firmware image is not Intel HEX.',
    fix: 'Build it again: `npm run sim -- firmware`.',
  },
  E_FIRMWARE_HASH: {
    cause: 'The firmware image is not the one that was committed.',
    fix: 'Check it out again.',
  },
  E_FIRMWARE_BUILD: {
    cause: 'The firmware could not be compiled.',
    fix: 'Install gcc-avr, avr-libc and binutils-avr.',
  },

  E_BROKER_UNREACHABLE: {
    cause: 'The broker cannot be reached; the message says why.',
    fix: 'Start it, or mend mqtt.url. Beats and alerts wait in the outbox.',
  },
  E_BROKER_CERTIFICATE: {
    cause: "The broker's certificate is not one that we trust.",
    fix: 'Set mqtt.ca_file, and look whether the clock is right.',
  },
  E_BROKER_PASSWORD: {
    cause: 'The broker refuses the user or the password.',
    fix: 'Mend mqtt.user and mqtt.password_file.',
  },
  E_BROKER_TWIN: {
    cause: 'Another client with our id takes our place at the broker.',
    fix: 'Two devices have the same device.id: give each its own; left empty, one is made at the first start.',
  },
  E_FLEET: {
    cause: 'The file of a fleet has mistakes, one a line, or what it asks for cannot be made.',
    fix: 'docs/brokers.md shows such a file.',
    usage: true,
  },
  E_BROKER_FORBIDDEN: {
    cause: 'The broker does not allow us one of our topics; the message names it.',
    fix: 'Allow the device to write below its own base, and to read its requests (docs/brokers.md).',
  },
  E_BROKER_REFUSED: {
    cause: 'The broker refuses the connection; the message has its reason.',
    fix: 'The message says what to change.',
  },
  E_BROKER_PORT: {
    cause: 'The embedded broker cannot listen on its port.',
    fix: 'Set mqtt.embedded_port; 0 means none.',
  },
  E_BROKER_USERS: {
    cause: 'The file with the users of the embedded broker cannot be used.',
    fix: 'Make it with `rhythmd broker-user`.',
  },
  E_BROKER_OPEN: {
    cause: 'The embedded broker would be open to the network.',
    fix: 'Set mqtt.embedded_users, embedded_cert and embedded_key, or listen on 127.0.0.1.',
    usage: true,
  },
  E_CREDENTIAL: {
    cause: 'A certificate without its key, a key without a certificate, or a file that cannot be read.',
    fix: 'Set mqtt.cert_file and mqtt.key_file, or neither.',
  },

  E_WEB_PORT: {
    cause: 'The page cannot listen on its address.',
    fix: 'Set web.port (0 takes a free one) or web.host.',
  },
  E_WARD_FILE: {
    cause: "The list of a ward's beds cannot be used; every mistake is a line of the message.",
    fix: 'docs/ward.md shows such a file.',
    usage: true,
  },
  E_WARD_BROKER: {
    cause:
      'An address given to `rhythmd ward --broker` is none that a browser can open, or has a password in it.',
    fix: 'Write ws://HOST:PORT or wss://HOST:PORT/PATH; the page asks for user and password.',
    usage: true,
  },
  E_WEB_TOKEN: {
    cause: 'web.token is missing or too short for an address that others can reach.',
    fix: 'Make one with `openssl rand -base64 24`.',
    usage: true,
  },
  E_WEB_PROXY: {
    cause: 'web.trusted_proxy cannot be read, or would open the page to whoever reaches the proxy.',
    fix: 'Write addresses with commas between them, set web.token, leave web.token_on_loopback at true.',
    usage: true,
  },
  E_WEB_CERTIFICATE: {
    cause: 'web.tls_cert and web.tls_key cannot be read or do not belong together.',
    fix: 'Both are PEM files that the user of the daemon may read.',
    usage: true,
  },
  E_WEB_BUSY: { cause: 'Too many long answers were asked for at once.', fix: 'Ask again.' },
  E_WEB_ACCESS: {
    cause: 'The caller may not see this.',
    fix: 'Sign in with the token, or call from the machine itself.',
  },
  E_WEB_ATTEMPTS: { cause: 'Too many wrong tokens.', fix: 'Wait a minute.' },
  E_WEB_BODY: { cause: 'What was sent to the page is too long.', fix: 'Send less.' },
  E_WEB_METHOD: { cause: 'An HTTP method that is not answered.', fix: 'Use GET.' },
  E_WEB_PATH: { cause: 'There is nothing at this address of the page.', fix: 'Start at /.' },
  E_PAGE: { cause: 'The page could not be bundled; the daemon runs without it.', fix: 'Run `npm ci`.' },

  E_RECORDER_FOLDER: {
    cause: 'Recordings cannot be kept in their folder.',
    fix: 'Make it writable, or set recorder.folder.',
  },
  E_OUTBOX_FOLDER: {
    cause: 'The outbox cannot use its folder: beats and alerts wait in memory only.',
    fix: 'Make it writable, or set outbox.folder.',
  },
  E_OUTBOX_WRITE: {
    cause: 'The disk takes no messages: they wait in memory and go out from there.',
    fix: 'Free some space on the disk, or look whether it has become read-only.',
  },
  E_OUTBOX_DAMAGED: {
    cause: 'Messages of an earlier run could not be read; those around them were.',
    fix: 'The files are kept beside it as *.damaged: look whether the disk or card is failing.',
  },
  E_OUTBOX_TAKEN: {
    cause: 'Files of the outbox were deleted while the daemon ran. What memory had is written again.',
    fix: 'Leave the folder alone while the daemon runs.',
  },
  E_STATE_BUSY: {
    cause: 'Another daemon keeps its state in the same folder; two would destroy what the other keeps.',
    fix: 'Stop it, or give this one folders of its own: STATE_DIRECTORY, and what is set of recorder.folder, outbox.folder and audit.folder.',
  },
  E_PROGRAM_INCOMPLETE: {
    cause:
      'A file of the installed program is missing or damaged: a copy was broken off, or another version was laid over a running one.',
    fix: 'Install the whole program again (docs/deploy.md), and start it anew.',
  },
} as const satisfies Readonly<Record<string, ErrorRow>>;
