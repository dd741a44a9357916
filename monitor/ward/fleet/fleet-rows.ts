/** What all devices run, from what each says of itself: a row a device, and where it differs from most. */
import type { BedInfo } from '../beds/read-message.ts';

export const FLEET_COLUMNS = [
  'Version',
  'Board',
  'Rate',
  'Leads',
  'Beat network',
  'Alerts off',
  'Paced',
  'Source',
] as const;

export interface FleetDevice {
  readonly base: string;
  readonly label: string;
  /** null: it has not said. */
  readonly info: BedInfo | null;
  readonly isFresh: boolean;
}

export interface FleetCell {
  readonly text: string;
  /** Not what most have. */
  readonly differs: boolean;
}

export interface FleetRow extends FleetDevice {
  readonly cells: readonly FleetCell[];
}

export function fleetRows(devices: readonly FleetDevice[]): FleetRow[] {
  const texts = devices.map(({ info }) => (info === null ? FLEET_COLUMNS.map(() => '') : textsOf(info)));
  const usual = FLEET_COLUMNS.map((_, column) =>
    most(texts.map((row) => row[column]!).filter((text) => text !== '')),
  );
  return devices.map((device, at) => ({
    ...device,
    cells: texts[at]!.map((text, column) => ({ text, differs: text !== '' && text !== usual[column] })),
  }));
}

function textsOf(info: BedInfo): string[] {
  const { model, patient } = info;
  return [
    info.version,
    info.board ?? 'none',
    info.rate_hz === null ? 'unknown' : `${info.rate_hz} Hz`,
    info.leads.join(', ') || 'none',
    model === null ? 'none' : `${model.name} ${model.version} ${model.sha256.slice(0, 6)}`,
    info.alerts_disabled.join(', ') || 'none',
    patient?.paced ?? 'unknown',
    info.replay ? 'replay' : 'live',
  ];
}

/** What most have; among equals the one that came first. */
function most(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce<[string, number] | undefined>(
    (best, entry) => (best && best[1] >= entry[1] ? best : entry),
    undefined,
  )?.[0];
}
