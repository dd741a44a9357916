/** A serial port by the library `serialport`. */
import { portProblem } from './port-problem.ts';
import type { SerialLine, SerialLineHandlers } from './serial-line.ts';

/** @throws RhythmdError E_PORT_... */
export async function openNativeLine(
  { SerialPort }: typeof import('serialport'),
  path: string,
  baud: number,
  handlers: SerialLineHandlers,
): Promise<SerialLine> {
  const port = new SerialPort({ path, baudRate: baud, autoOpen: false, hupcl: false });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => (error ? reject(portProblem(path, error)) : resolve()));
  });
  let isOurs = true;
  port.on('data', (bytes: Uint8Array) => handlers.data(bytes));
  port.on('error', () => {});
  port.on('close', (error: Error | null) => {
    if (isOurs) handlers.lost(error);
    isOurs = false;
  });
  // HealthyPi 5 and other boards on USB CDC send only while the host asserts DTR.
  await new Promise<void>((resolve) => port.set({ dtr: true, rts: true }, () => resolve()));
  return {
    write: (bytes) => port.write(bytes),
    close: async () => {
      isOurs = false;
      if (port.isOpen) await new Promise<void>((resolve) => port.close(() => resolve()));
    },
  };
}
