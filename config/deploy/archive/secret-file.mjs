/** A password or a certificate from the file that an environment variable names. */
import { readFileSync } from 'node:fs';

/**
 * Ends the program with one line where the file cannot be read: without it every broker would refuse us, for ever.
 * @param name of the variable
 * @returns its bytes; undefined where the variable is not set and need not be
 */
export function secretFile(name, isNeeded) {
  const path = process.env[name];
  if (!path && !isNeeded) return undefined;
  try {
    if (!path) throw new Error('not set');
    return readFileSync(path);
  } catch (error) {
    console.error(`${name}: ${error.message}. Set it to a file that this user may read.`);
    process.exit(2);
  }
}
