/** `source.url`, read strictly: what is not understood is refused with an example. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';

/** Times life; Infinity: as fast as it goes. */
export type Speed = number;

export type SourceAddress =
  /** `path` null: the first port that looks like a board. `baud` null: the board's own. */
  | {
      readonly kind: 'serial';
      readonly path: string | null;
      readonly baud: number | null;
      readonly speed: Speed;
    }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly speed: Speed }
  | {
      readonly kind: 'wfdb';
      readonly record: string;
      readonly speed: Speed;
      readonly loop: boolean;
      readonly fromS: number;
    }
  | {
      readonly kind: 'sim';
      readonly record: string;
      readonly speed: Speed;
      readonly loop: boolean;
      readonly board: string | null;
      /** Passed on to the simulator as they are. */
      readonly options: readonly string[];
    }
  | { readonly kind: 'stdin'; readonly speed: Speed };

const EXAMPLES =
  'Examples: serial:///dev/ttyUSB0?baud=115200, tcp://127.0.0.1:9000, wfdb:///path/208?speed=20, ' +
  'sim:208?speed=1, stdin:';

/** @throws E_SOURCE_URL */
export function parseSourceUrl(url: string): SourceAddress {
  const [, kind = '', rest = '', query = ''] = /^([a-z]+):([^?]*)(?:\?(.*))?$/.exec(url) ?? [];
  const path = rest.replace(/^\/\//, '');
  const options = new Query(url, query);
  switch (kind) {
    case 'serial': {
      const address = { kind, path: path || null, baud: options.baud(), speed: options.speed(1) } as const;
      return options.done(address);
    }
    case 'tcp': {
      const match = /^(\[[0-9a-f:]+\]|[^:/]+):(\d{1,5})\/?$/.exec(path);
      const port = Number(match?.[2]);
      if (!match || port < 1 || port > 65535) throw refusal(url, 'host and port are needed');
      const host = match[1]!.replace(/^\[|\]$/g, '');
      return options.done({ kind, host, port, speed: options.speed(1) } as const);
    }
    case 'wfdb': {
      if (path === '') throw refusal(url, 'a record is needed');
      return options.done({
        kind,
        record: path,
        speed: options.speed(1),
        loop: options.flag('loop'),
        fromS: options.seconds('from'),
      } as const);
    }
    case 'sim': {
      if (path === '') throw refusal(url, 'a record is needed');
      const speed = options.speed(1);
      const loop = options.flag('loop');
      const board = options.text('board');
      const passedOn = ['seed', 'faults', 'from', 'duration'].flatMap((name) => {
        const value = options.text(name);
        return value === null ? [] : [`--${name}`, value];
      });
      return options.done({ kind, record: path, speed, loop, board, options: passedOn } as const);
    }
    case 'stdin':
      if (path !== '') throw refusal(url, 'stdin: takes no address');
      return options.done({ kind, speed: options.speed(1) } as const);
    default:
      throw refusal(url, kind === '' ? 'it is no URL' : `there is no kind of source called "${kind}"`);
  }
}

function refusal(url: string, reason: string): RhythmdError {
  return new RhythmdError('E_SOURCE_URL', `source.url "${url}": ${reason}`, EXAMPLES);
}

/** The part after `?`; every name must be asked for. */
class Query {
  readonly #url: string;
  readonly #values: URLSearchParams;

  constructor(url: string, query: string) {
    this.#url = url;
    this.#values = new URLSearchParams(query);
  }

  text(name: string): string | null {
    const value = this.#values.get(name);
    this.#values.delete(name);
    return value;
  }

  flag(name: string): boolean {
    const value = this.text(name);
    if (value === null || value === 'false') return false;
    if (value === 'true' || value === '') return true;
    throw refusal(this.#url, `${name}=${value}: true or false is needed`);
  }

  speed(fallback: number): Speed {
    const value = this.text('speed');
    if (value === null) return fallback;
    if (value === 'max') return Number.POSITIVE_INFINITY;
    const speed = Number(value);
    if (speed >= 0.01 && speed <= 10_000) return speed;
    throw refusal(this.#url, `speed=${value}: 0.01 to 10000, or max`);
  }

  seconds(name: string): number {
    const value = this.text(name) ?? '0';
    const seconds = Number(value);
    if (seconds >= 0 && seconds <= 86_400) return seconds;
    throw refusal(this.#url, `${name}=${value}: seconds from 0 to 86400 are needed`);
  }

  baud(): number | null {
    const value = this.text('baud');
    if (value === null) return null;
    const baud = Number(value);
    if (Number.isInteger(baud) && baud >= 300 && baud <= 4_000_000) return baud;
    throw refusal(this.#url, `baud=${value}: 300 to 4000000 is needed`);
  }

  /** @throws E_SOURCE_URL for names nobody asked for */
  done<A>(address: A): A {
    const [unknown] = this.#values.keys();
    if (unknown !== undefined) throw refusal(this.#url, `there is no option "${unknown}"`);
    return address;
  }
}
