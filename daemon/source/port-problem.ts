/** Why a serial port does not open, and what to do about it. */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';

/** @param cause what the serial library said; it has no codes, only the system's words */
export function portProblem(path: string, cause: Error): RhythmdError {
  const said = cause.message;
  if (/cannot lock|EBUSY|resource busy|temporarily unavailable/i.test(said)) {
    return new RhythmdError(
      'E_PORT_BUSY',
      `${path} is in use by another program`,
      `Find it with: fuser ${path} (ModemManager and a forgotten serial monitor are the usual ones)`,
      { cause },
    );
  }
  if (/EACCES|permission denied/i.test(said)) {
    return new RhythmdError(
      'E_PORT_PERMISSION',
      `${path} may not be opened by this user`,
      'Run: sudo usermod -aG dialout $USER, then log in again',
      { cause },
    );
  }
  if (/ENOENT|no such file|ENXIO|ENODEV/i.test(said)) {
    return new RhythmdError(
      'E_PORT_MISSING',
      `there is no ${path}`,
      'Plug the board in; `rhythmd ports` lists what is there',
      { cause },
    );
  }
  return new RhythmdError('E_PORT_OPEN', `${path} cannot be opened: ${said}`, 'Run `rhythmd doctor`', {
    cause,
  });
}
