/** Which signals of a record are analysed: its ECG leads, or the one that was named. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { ecgSignals } from '@rhythmd/ecg/lead-names.ts';
import { isVoltage } from '@rhythmd/ecg/wfdb/units.ts';
import type { RecordReader } from '@rhythmd/records/record-reader.ts';

/**
 * The first of them is classified; the others help to find its beats.
 * @param argument a signal's number or name; undefined: all ECG leads
 * @throws RhythmdError E_SIGNAL_UNKNOWN, E_SIGNAL_UNITS, E_NO_ECG, each naming the signals there are
 */
export function chooseSignals(record: RecordReader, argument: string | undefined): number[] {
  const { leadNames, header, name } = record;
  const all = header.signals.map(({ units }, i) => `${i} (${leadNames[i]}, ${units})`).join(', ');
  if (argument !== undefined) {
    const byName = leadNames.indexOf(argument);
    const signal = byName >= 0 ? byName : /^\d+$/.test(argument) ? Number(argument) : -1;
    const chosen = header.signals[signal];
    if (chosen === undefined) {
      throw new RhythmdError('E_SIGNAL_UNKNOWN', `record ${name} has no signal ${argument}`, `It has ${all}`);
    }
    if (!isVoltage(chosen)) {
      throw new RhythmdError(
        'E_SIGNAL_UNITS',
        `signal ${leadNames[signal]} of record ${name} is in ${chosen.units}, which is no voltage`,
        `It has ${all}`,
      );
    }
    return [signal];
  }
  const leads = ecgSignals(
    header.signals.map((signal, i) => ({ name: leadNames[i]!, isVoltage: isVoltage(signal) })),
  );
  if (leads.length > 0) return leads;
  throw new RhythmdError(
    'E_NO_ECG',
    `record ${name} has no signal that is an ECG in volts`,
    all === ''
      ? 'It has no signals'
      : `It has ${all}; write the unit into the header, or name a signal with --signal`,
  );
}
