/** What `rhythmd ward` was told: brokers, and the beds or where their list is. */
import { readWard, type Ward } from '@rhythmd/protocol/ward.ts';

export interface WardSettings {
  readonly brokers: readonly string[];
  /** null: no list; every device that speaks has a bed. */
  readonly ward: Ward | null;
  /** A retained topic that holds the list; null: none. */
  readonly bedsTopic: string | null;
}

/** @throws Error with a sentence for people */
export async function fetchSettings(): Promise<WardSettings> {
  const response = await fetch('ward.json');
  const value = (await response.json()) as Record<string, unknown>;
  if (!response.ok) {
    const error = value.error as { message?: string } | undefined;
    throw new Error(error?.message ?? `the page's own server answers ${response.status}`);
  }
  return value as unknown as WardSettings;
}

/** A list that came over the broker. @returns the ward, or a sentence */
export function wardFromTopic(payload: Uint8Array): Ward | string {
  try {
    const read = readWard(JSON.parse(new TextDecoder().decode(payload)));
    return 'ward' in read ? read.ward : `The list of beds is not used: ${read.problems[0]}`;
  } catch {
    return 'The list of beds is not used: it is not JSON';
  }
}
