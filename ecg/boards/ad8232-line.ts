/**
 * SparkFun AD8232 and every Arduino tutorial after it: text, a sample a line. Source: AD8232_Heart_Rate_Monitor
 * by SparkFun and its descendants.
 *
 *   line             meaning
 *   512              analogRead, 0..1023
 *   !                a lead is off
 *   512,498          two channels
 *   ecg:512          what the Arduino serial plotter likes
 *   99999999         no value: no converter gives it (a line with lost ends, a sketch that prints something else)
 *   123456,512       a time and a value (recognised by a first column that only ever grows)
 *
 * At 9600 baud the line is full: some 160 to 190 samples a second, fewer the more digits a value has. So the
 * samples are not evenly spaced; `retimer.ts` spaces them by what the line needed for each.
 */

export const AD8232_BAUD = 9600;
/** Start, eight data and stop bit. */
export const BITS_PER_BYTE = 10;
/**
 * Sketches for other converters speak the same way: 12 bits of an ESP32, 16 of an ADS1115, filtered ones with a sign.
 * What is beyond them was never measured.
 */
export const LARGEST_COUNT = 0xffff;
export const ZERO_COUNT = 512;
export const MAX_COUNT = 1023;
/** 5 V over 10 bits, gain 1100 (SparkFun schematic). */
export const AD8232_MICROVOLTS = 5e6 / 1024 / 1100;
