/**
 * ProtoCentral HealthyPi v4: the payload of v3 (`healthypi3.ts`), except that byte 19 is the status of the
 * ADS1292R, whose low five bits say which electrodes are off. Source: Protocentral/protocentral_healthypi_v4.
 */
import { ADS1292R_MICROVOLTS } from './ads1292r.ts';
import { healthypiPayload } from './healthypi3.ts';
import { protocentralBoard } from './protocentral.ts';
import { CP2102_USB_ID } from './usb-ids.ts';

export const healthypi4 = protocentralBoard(
  {
    name: 'healthypi4',
    title: 'ProtoCentral HealthyPi v4',
    source: 'Protocentral/protocentral_healthypi_v4',
    baud: 115200,
    rateHz: 125,
    leadNames: ['ECG'],
    microvoltsPerCount: ADS1292R_MICROVOLTS,
    usbIds: [CP2102_USB_ID],
  },
  healthypiPayload(0x1f),
);
