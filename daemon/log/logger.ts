/**
 * Log lines: levels by part of the program, lazy messages (a function is called only when its line is
 * written), text for people or JSON for machines.
 */
export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type LogFields = Readonly<Record<string, unknown>>;
type Message = string | (() => string);

export interface Logger {
  error(message: Message, fields?: LogFields): void;
  warn(message: Message, fields?: LogFields): void;
  info(message: Message, fields?: LogFields): void;
  debug(message: Message, fields?: LogFields): void;
}

export interface LogLine {
  readonly timeMs: number;
  readonly level: Exclude<LogLevel, 'silent'>;
  /** The part of the program that speaks. */
  readonly part: string;
  readonly message: string;
  readonly fields: LogFields;
}

export type LogFormat = 'text' | 'json';

export interface LogSettings {
  /** `log.level`: a level, then exceptions by part (`info,mqtt=debug`). */
  readonly level: string;
  readonly format: LogFormat;
}

/** Makes the loggers of the parts. */
export type LoggerFactory = (part: string) => Logger;

/** @param write gets whole lines without the line end */
export function createLogging(
  settings: LogSettings,
  write: (line: string) => void,
  nowMs: () => number,
): LoggerFactory {
  const levels = parseLevels(settings.level);
  const format = settings.format === 'json' ? formatJson : formatText;
  return (part) => {
    const limit = LOG_LEVELS.indexOf(levels.parts.get(part) ?? levels.general);
    const at = (level: LogLine['level']) => {
      if (LOG_LEVELS.indexOf(level) > limit) return () => {};
      return (message: Message, fields: LogFields = {}) => {
        const said = typeof message === 'function' ? message() : message;
        write(format({ timeMs: nowMs(), level, part, message: said, fields }));
      };
    };
    return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') };
  };
}

/** For whatever is used without a shell around it. */
export const SILENT_LOGGER: Logger = { error() {}, warn() {}, info() {}, debug() {} };

/** `info,mqtt=debug` -> the general level and the exceptions. The schema has checked the words. */
function parseLevels(setting: string): { general: LogLevel; parts: Map<string, LogLevel> } {
  const [general, ...exceptions] = setting.split(',');
  const pairs = exceptions.map((item) => item.split('=') as [string, LogLevel]);
  return { general: general as LogLevel, parts: new Map(pairs) };
}

function formatJson(line: LogLine): string {
  const { timeMs, level, part, message, fields } = line;
  return JSON.stringify({ t_ms: timeMs, level, part, message, ...fields });
}

function formatText({ timeMs, level, part, message, fields }: LogLine): string {
  const time = new Date(timeMs).toISOString().slice(11, 23);
  const extra = Object.entries(fields).map(([key, value]) => ` ${key}=${shown(value)}`);
  return `${time} ${level.padEnd(5)} ${part}: ${printable(message)}${extra.join('')}`;
}

/**
 * What strangers have a say in (a board's lead names, a client's words) must not forge a line or steer the terminal of
 * whoever reads: further lines are indented, other control characters and marks of direction are written out.
 */
function printable(message: string): string {
  return message
    .replace(/\n(?! {4})/g, '\n    ')
    .replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, (found) =>
      found === '\n' ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
}

/** Line ends inside a value would forge lines. */
function shown(value: unknown): string {
  return typeof value === 'string' && /^[\w.:/@+-]+$/.test(value) ? value : JSON.stringify(value);
}
