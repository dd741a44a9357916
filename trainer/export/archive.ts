/** Sizes as they are compared in reports: the file, and the file in a ZIP archive (the paper's measure). */
import { zipSync } from 'fflate';

/** The archive's members carry a fixed time, so that the same model gives the same bytes. */
const FIXED_TIME = new Date('2000-01-01T00:00:00');

export function archive(members: Readonly<Record<string, Uint8Array>>): Uint8Array {
  return zipSync(
    Object.fromEntries(
      Object.entries(members).map(([name, bytes]) => [
        name,
        [bytes, { level: 9, mtime: FIXED_TIME }] as const,
      ]),
    ) as unknown as Parameters<typeof zipSync>[0],
  );
}
