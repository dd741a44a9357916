/**
 * What a person or a program may ask of the running daemon, whichever way the question comes (MQTT
 * `.../request/<verb>`, the page's WebSocket). One handler answers both.
 *
 * | verb | body | answer |
 * |---|---|---|
 * | `silence` | `id?` (one alert, else all), `seconds?` | `{until_ms}` |
 * | `acknowledge` | `id` | `{}` |
 * | `mark` | `text?`, `sample?` | `{sample}` |
 * | `strip` | `sample?` or `t_ms?`, `seconds?`, `lead?` | a StripEvent |
 * | `calibrate` | `lead?` | `{microvolts_per_count, pulse_mv}`, to be set as source.microvolts_per_count |
 * | `doctor` | | `{findings: Finding[]}` |
 * | `bench` | | BenchState |
 * | `bench.play` | `record` | BenchState |
 * | `bench.speed` | `speed` | BenchState |
 * | `bench.seek` | `seconds` | BenchState |
 * | `bench.fault` | `fault` (one of `BenchState.faults`) | BenchState |
 *
 * A verb the daemon does not know rejects with `E_REQUEST_VERB`, a bad body with `E_REQUEST_BODY`.
 */
export type RequestBody = Readonly<Record<string, unknown>>;
export type RequestHandler = (verb: string, body: RequestBody) => Promise<unknown>;

/** `.../response/<verb>`: the same on MQTT and on the WebSocket. */
export interface RequestResponse {
  readonly transaction: string | null;
  readonly status: 'ok' | 'error';
  readonly data: unknown;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** One of doctor's findings, in words. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'failed' | 'unknown';
  readonly text: string;
  /** What to do about it; empty when there is nothing to do. */
  readonly fix: string;
}

/** The state of a replay, for the bench view. */
export interface BenchState {
  /** Names that `bench.play` takes. */
  readonly records: readonly string[];
  readonly record: string | null;
  readonly speed: number;
  /** Speeds that `bench.speed` takes. */
  readonly speeds: readonly number[];
  readonly duration_s: number | null;
  /** Pipeline sample at which sample 0 of the record lies (negative after a seek); null when unknown. */
  readonly origin_sample: number | null;
  /** Names that `bench.fault` takes. */
  readonly faults: readonly string[];
}
