/** Port, permissions, baud rate, frames, leads, noise and the board's clock, from what was heard. */
import { calibratedScale } from '@rhythmd/ecg/boards/calibration.ts';
import type { Finding } from './finding.ts';
import { fromError, ok, problem, unknown, warning } from './finding.ts';
import type { Heard } from './listening.ts';

/** Electrodes that are on give more than this within seconds, amplifiers alone less. */
const FLAT_MV = 0.05;
/** Visible on paper at 10 mm/mV. */
const HUM_MV = 0.1;
const LOW_RATE_HZ = 200;
const RATE_TOLERANCE = 0.02;
/** Half a percent is what a ceramic resonator may be off. */
const DRIFT_PPM = 5000;
const PORT_CODES = /^E_(PORT|SOURCE_CONNECT|SOURCE_LOST|SIM|RECORD|WFDB)/;

/**
 * @param wrongBaud the speed at which somebody was understood when the configured one failed; null when none
 * was or it was not tried
 */
export function sourceFindings(heard: Heard, wrongBaud: { baud: number; board: string } | null): Finding[] {
  return [
    port(heard),
    permissions(heard),
    baud(heard, wrongBaud),
    frames(heard),
    leads(heard),
    noise(heard),
    drift(heard),
    ...calibration(heard),
  ];
}

function port({ trouble, about }: Heard): Finding {
  if (trouble === null || !PORT_CODES.test(trouble.code)) return ok('port', `${about} is open`);
  return fromError('port', trouble);
}

function permissions({ trouble }: Heard): Finding {
  if (trouble?.code === 'E_PORT_PERMISSION') return fromError('permissions', trouble);
  if (trouble?.code === 'E_PORT_BUSY') return fromError('permissions', trouble);
  if (trouble !== null && PORT_CODES.test(trouble.code))
    return unknown('permissions', 'nothing could be opened');
  return ok('permissions', 'it may be opened');
}

function baud(heard: Heard, wrongBaud: { baud: number; board: string } | null): Finding {
  const { statistics, trouble } = heard;
  if (wrongBaud !== null) {
    return problem(
      'baud',
      `the line is read at the wrong speed: a ${wrongBaud.board} speaks at ${wrongBaud.baud} baud`,
      `Set ?baud=${wrongBaud.baud} in source.url`,
    );
  }
  if (trouble?.code === 'E_SOURCE_NO_FRAMES') {
    const fix =
      'Look up the board’s baud rate and name it in source.url; `rhythmd boards` lists what we speak';
    return problem('baud', 'bytes arrive, but at no usual speed do they make sense', fix);
  }
  if ((statistics.frames?.bytes ?? 0) === 0 && heard.samples === 0)
    return unknown('baud', 'not one byte arrived');
  return ok('baud', 'what arrives makes sense');
}

function frames({ statistics, samples, description }: Heard): Finding {
  if (samples === 0 || description === null) {
    return problem(
      'frames',
      'no samples arrived',
      'Mend what is above, then look at the board and its cable',
    );
  }
  const { frames, measuredRateHz } = statistics;
  const nominal = description.rateHz;
  const rate = measuredRateHz ?? nominal;
  const said = `${rate.toFixed(1)} samples/s from ${description.board} (${nominal} declared)`;
  if (frames !== null && frames.lost > 0.01 * frames.good) {
    const share = ((100 * frames.lost) / (frames.lost + frames.good)).toFixed(1);
    return problem(
      'frames',
      `${said}; ${share} % of the frames are lost`,
      'Try another cable or USB port, or a lower rate',
    );
  }
  const retimed = measuredRateHz !== null && description.board === 'ad8232';
  if (!retimed && Math.abs(rate / nominal - 1) > RATE_TOLERANCE) {
    return problem('frames', said, `Set source.rate_hz = ${Math.round(rate)}`);
  }
  if (rate < LOW_RATE_HZ) {
    return warning(
      'frames',
      `${said}: below ${LOW_RATE_HZ} the shape of a beat is coarse`,
      'Raise it if the board has a choice',
    );
  }
  return ok('frames', said);
}

function leads({ samples, leadOff, saturated, leads }: Heard): Finding {
  if (samples === 0) return unknown('leads', 'no samples arrived');
  const percent = (share: number) => `${Math.round(100 * share)} % of the time`;
  if (leadOff > 0.05) {
    return problem(
      'leads',
      `an electrode was off ${percent(leadOff)}`,
      'Press the electrodes on, or renew them',
    );
  }
  if (saturated > 0.05) {
    return problem(
      'leads',
      `the amplifier was at its limit ${percent(saturated)}`,
      'Check the reference electrode and the gain',
    );
  }
  const flat = leads.filter(({ rangeMv }) => rangeMv !== null && rangeMv < FLAT_MV);
  if (flat.length === leads.length) {
    return problem('leads', 'no lead moves: nobody is connected', 'Connect the electrodes');
  }
  if (flat.length > 0) {
    const names = flat.map(({ name }) => name).join(', ');
    return warning('leads', `${names} does not move`, 'Connect it, or leave it out with source.channels');
  }
  return ok('leads', leads.map(({ name, rangeMv }) => `${name} ${rangeMv?.toFixed(2)} mV`).join(', '));
}

function noise({ leads }: Heard): Finding {
  const heard = leads.filter(({ humMv }) => humMv !== null);
  if (heard.length === 0)
    return unknown('noise', 'the rate is too low, or the time too short, to measure hum');
  const worst = heard.reduce((a, b) => (b.humMv! > a.humMv! ? b : a));
  const said = `${worst.humHz} Hz hum of ${worst.humMv!.toFixed(3)} mV on ${worst.name}`;
  if (worst.humMv! < HUM_MV) return ok('noise', said);
  return warning('noise', said, 'Keep mains cables away, use a battery, shorten and twist the lead wires');
}

/** Only when a test pulse is what comes in. */
function calibration({ leads, description }: Heard): Finding[] {
  const found = leads.findIndex(({ pulseMv }) => pulseMv !== null);
  const { name, pulseMv } = leads[found] ?? { name: '', pulseMv: null };
  const scale = description?.microvoltsPerCount[found] ?? null;
  if (pulseMv === null || scale === null) return [];
  const said = `a test pulse of 1 mV reads ${pulseMv.toFixed(3)} mV on ${name}`;
  if (Math.abs(pulseMv - 1) < 0.02) return [ok('calibration', said)];
  const fix = `Set source.microvolts_per_count = ${calibratedScale(scale, pulseMv).toPrecision(4)}`;
  return [warning('calibration', said, fix)];
}

function drift({ statistics }: Heard): Finding {
  const { driftPpm } = statistics;
  if (driftPpm === null) return unknown('board clock', 'takes a minute of listening: --seconds 70');
  const said = `${driftPpm >= 0 ? '+' : ''}${driftPpm.toFixed(0)} ppm against this computer`;
  if (Math.abs(driftPpm) <= DRIFT_PPM) return ok('board clock', said);
  return warning('board clock', said, 'Set source.rate_hz to the measured rate');
}
