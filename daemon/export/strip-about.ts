/** What a strip of our own recording says on top: the device that recorded it, and the alerts that stood. */
import { recordedAlarms } from '../report/recorded-alarms.ts';
import { kindTitle } from '../report/titles.ts';
import type { Piece } from './piece.ts';
import type { StripAbout } from './strip-of-piece.ts';

const RECORDED_BY = /^ recorded by rhythmd \S+, device ([^;]*); times are UTC$/;

/** @param path of the recording, without extension; @param label of whom it is: a bed or a pseudonym, or empty */
export async function stripAbout(piece: Piece, path: string, label: string): Promise<StripAbout> {
  const { header, startMs, count, rateHz } = piece;
  const device = header.comments
    .map((comment) => RECORDED_BY.exec(comment)?.[1])
    .find((id) => id !== undefined);
  if (device === undefined || startMs === null) return { label, device: device ?? '', alerts: [] };
  const alarms = (await recordedAlarms(path, startMs, startMs + (count / rateHz) * 1000)) ?? [];
  const alerts = [...new Set(alarms.map(({ kind, priority }) => `${kindTitle(kind)} (${priority})`))];
  return { label, device, alerts };
}
