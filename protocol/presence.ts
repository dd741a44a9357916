/**
 * Whether a device can be heard, of all that says so. `state` alone lies where a bridge stands between: its line is cut, and
 * the last will of the device stays with the broker on the far side. And who only believes what is said believes a dead line.
 */

/** The device speaks every second; a network that breathes is late by two. */
export const SILENT_AFTER_MS = 5000;

export interface HeardOf {
  /** The latest `state`; null: none came yet. */
  readonly state: 'online' | 'offline' | null;
  /** The latest payload of `bridge`, as mosquitto writes it; null: there is no bridge. */
  readonly bridge: string | null;
  /** Since its latest message of any kind, by a clock that nobody sets; null: none came yet. */
  readonly silentMs: number | null;
}

/** unknown: nothing was heard of it yet; offline: it said so, or its last will; cut: its bridge lost us; silent: nothing comes. */
export type Presence = 'there' | 'offline' | 'cut' | 'silent' | 'unknown';

export function presenceOf({ state, bridge, silentMs }: HeardOf): Presence {
  if (bridge === '0') return 'cut';
  if (state === 'offline') return 'offline';
  if (silentMs === null) return state === null ? 'unknown' : 'silent';
  return silentMs > SILENT_AFTER_MS ? 'silent' : 'there';
}
