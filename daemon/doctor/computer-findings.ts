/** The small computer itself: its power, its heat, its card. What it has not, nothing is said of. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, ok, problem, unknown, warning } from './finding.ts';

/** Bits of the Raspberry Pi firmware's answer (raspberrypi.com/documentation, vcgencmd get_throttled). */
const UNDER_VOLTAGE = 1 << 0;
const SLOWED = (1 << 1) | (1 << 2) | (1 << 3);
/** The same since it was switched on. */
const SINCE_START = 16;
const FIRMWARE = 'sys/devices/platform/soc/soc:firmware/get_throttled';
/** Firmware of all models slows the processor from 80 on. */
const HOT_C = 75;
/** Tenths of its life that a card has used (JEDEC eMMC 5.0, DEVICE_LIFE_TIME_EST); 11: more than all of it. */
const WORN_TENTHS = 9;

/** @param folder the recordings'; @param root for tests */
export async function computerFindings(folder: string, root = '/'): Promise<Finding[]> {
  return [powerFinding(root), heatFinding(root), cardFinding(folder, root)].filter(
    (finding) => finding !== null,
  );
}

function powerFinding(root: string): Finding | null {
  const model = textOf(root, 'proc/device-tree/model');
  if (model === null || !model.includes('Raspberry Pi')) return null;
  const flags = Number.parseInt(textOf(root, FIRMWARE) ?? '', 16);
  if (!Number.isFinite(flags))
    return unknown('power', 'the firmware does not say whether the voltage is right');
  const fix = 'Take a power supply of 5.1 V and 2.5 A and a short cable';
  if (flags & UNDER_VOLTAGE)
    return problem('power', 'the voltage is too low now: samples and cards get lost', fix);
  if ((flags >> SINCE_START) & UNDER_VOLTAGE)
    return warning('power', 'the voltage was too low since the start', fix);
  if (flags & SLOWED) return warning('power', 'the processor is slowed now', 'Give it air: it is too hot');
  if ((flags >> SINCE_START) & SLOWED) {
    return warning('power', 'the processor was slowed since the start', 'Give it air: it was too hot');
  }
  return ok('power', 'voltage and speed were right since the start');
}

function heatFinding(root: string): Finding | null {
  const celsius = Number(textOf(root, 'sys/class/thermal/thermal_zone0/temp') ?? Number.NaN) / 1000;
  // Virtual machines have zones of 0.
  if (!(celsius > 0)) return null;
  const said = `${Math.round(celsius)} degrees`;
  return celsius > HOT_C
    ? warning('heat', said, 'Give it air: the firmware slows it from 80 on')
    : ok('heat', said);
}

/** A card that fails turns read-only, or says by itself what is left of it; SD cards of most makers say nothing. */
function cardFinding(folder: string, root: string): Finding | null {
  const mount = mountOf(folder, textOf(root, 'proc/mounts') ?? '');
  const card = /^\/dev\/(mmcblk\d+)/.exec(mount?.device ?? '')?.[1];
  if (mount === null || card === undefined) return null;
  if (mount.readOnly) {
    return problem(
      'card',
      `${mount.place} is read-only: nothing is recorded there`,
      'Set recorder.folder to another disk',
    );
  }
  const errors = Number(textOf(root, `sys/fs/ext4/${mount.device.slice('/dev/'.length)}/errors_count`) ?? 0);
  if (errors > 0)
    return problem('card', `its file system counts ${errors} errors`, 'Copy what is on it and replace it');
  const tenths = (textOf(root, `sys/block/${card}/device/life_time`) ?? '').split(/\s+/).map(Number);
  const used = Math.max(...tenths.filter((tenth) => tenth > 0));
  if (!Number.isFinite(used)) return unknown('card', 'it does not say how worn it is (SD cards seldom do)');
  const said = used > 10 ? 'worn out by its own account' : `up to ${used * 10} % of its life is used`;
  return used >= WORN_TENTHS ? warning('card', said, 'Replace it soon') : ok('card', said);
}

interface Mount {
  readonly device: string;
  readonly place: string;
  readonly readOnly: boolean;
}

/** The longest place that holds the folder. */
function mountOf(folder: string, mounts: string): Mount | null {
  let found: Mount | null = null;
  for (const line of mounts.split('\n')) {
    const [device = '', place = '', , options = ''] = line.split(' ');
    if (place === '' || !`${folder}/`.startsWith(place === '/' ? '/' : `${place}/`)) continue;
    // One that came later lies over one of the same place.
    if (found === null || place.length >= found.place.length) {
      found = { device, place, readOnly: options.split(',').includes('ro') };
    }
  }
  return found;
}

function textOf(root: string, path: string): string | null {
  try {
    return readFileSync(join(root, path), 'utf8').trim();
  } catch {
    return null;
  }
}
