/** USB chips that several boards share: a first guess, never proof. Source: the usb.ids list. */

/** Arduino Uno and its clones: 16U2 (Arduino, Genuino), CH340, FT232R. */
export const ARDUINO_USB_IDS: readonly string[] = [
  '2341:0043',
  '2341:0001',
  '2a03:0043',
  '1a86:7523',
  '0403:6001',
];

/** CP2102, as on ESP32 boards. */
export const CP2102_USB_ID = '10c4:ea60';
