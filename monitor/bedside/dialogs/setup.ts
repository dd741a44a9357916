/** This screen and this person: true scale against a bank card, theme, sound, calibration pulse. */

import { createDialog } from '../../dialog.ts';
import { button, h } from '../../dom.ts';
import { CSS_PIXELS_PER_MM, PIXELS_PER_MM_RANGE, type Settings, type SettingsStore } from '../settings.ts';

/** ISO/IEC 7810 ID-1: every bank card. */
const CARD_WIDTH_MM = 85.6;
const CARD_HEIGHT_MM = 53.98;

/** @param testSound plays what a high-priority alert sounds like */
export function createSetup(settings: SettingsStore, testSound: () => void): HTMLDialogElement {
  return createDialog(
    'This screen',
    scale(settings),
    theme(settings),
    toggles(settings),
    volume(settings, testSound),
  );
}

function volume(settings: SettingsStore, testSound: () => void): HTMLElement {
  const slider = h('input', { type: 'range', min: 0, max: 1, step: 0.05, 'aria-label': 'Volume of alerts' });
  slider.addEventListener('input', () => settings.change({ volume: Number(slider.value) }));
  settings.watch((current) => {
    slider.value = String(current.volume);
  });
  return h(
    'fieldset',
    {},
    h('legend', {}, 'Volume of alerts'),
    h('div.row', {}, slider, button('Test sound', testSound)),
  );
}

function scale(settings: SettingsStore): HTMLElement {
  const card = h('div.card', { 'aria-hidden': 'true' }, '85.6 mm');
  const words = h('output');
  const slider = h('input', {
    type: 'range',
    ...PIXELS_PER_MM_RANGE,
    step: 0.005,
    'aria-label': 'Pixels per millimetre',
  });
  slider.addEventListener('input', () => settings.change({ pixelsPerMm: Number(slider.value) }));
  settings.watch(({ pixelsPerMm }) => {
    slider.value = String(pixelsPerMm);
    card.style.width = `${CARD_WIDTH_MM * pixelsPerMm}px`;
    card.style.height = `${(CARD_HEIGHT_MM * pixelsPerMm) / 2}px`;
    words.textContent = `${pixelsPerMm.toFixed(3)} pixels a millimetre`;
  });
  return h(
    'section',
    {},
    h('h3', {}, 'True scale'),
    h('p', {}, 'Hold a bank card to the screen and move the slider until the frame is as wide as the card.'),
    card,
    h(
      'div.row',
      {},
      slider,
      words,
      button('Scale of the browser', () => settings.change({ pixelsPerMm: CSS_PIXELS_PER_MM })),
    ),
  );
}

function theme(settings: SettingsStore): HTMLElement {
  const fieldset = h('fieldset', {}, h('legend', {}, 'Paper'));
  for (const [value, name] of [
    ['auto', 'As the system'],
    ['light', 'Light'],
    ['dark', 'Dark'],
  ] as const) {
    const radio = h('input', { type: 'radio', name: 'theme', value });
    radio.addEventListener('change', () => settings.change({ theme: value as Settings['theme'] }));
    settings.watch((current) => {
      radio.checked = current.theme === value;
    });
    fieldset.append(h('label', {}, radio, name));
  }
  return fieldset;
}

function toggles(settings: SettingsStore): HTMLElement {
  const fieldset = h('fieldset', {}, h('legend', {}, 'Also'));
  for (const [key, name] of [
    ['sound', 'Sound for alerts'],
    ['showPulse', 'Calibration pulse, 1 mV'],
  ] as const) {
    const box = h('input', { type: 'checkbox', name: key });
    box.addEventListener('change', () => settings.change({ [key]: box.checked }));
    settings.watch((current) => {
      box.checked = current[key];
    });
    fieldset.append(h('label', {}, box, name));
  }
  return fieldset;
}
