/** Puts the page together: the stream feeds the signal, the signal feeds the views. */
import { BEAT_LABELS } from '@rhythmd/ecg/types.ts';
import type { AlertEvent, InfoEvent, LeadEvent } from '@rhythmd/protocol/events.ts';
import type { StreamMessage } from '@rhythmd/protocol/stream-messages.ts';
import { AlertBar } from '../alerts/alert-bar.ts';
import { AlertBook } from '../alerts/alert-book.ts';
import { AlertList } from '../alerts/alert-list.ts';
import { AlertSound } from '../alerts/alert-sound.ts';
import { SoundButton } from '../alerts/sound-button.ts';
import { button } from '../dom.ts';
import { LiveSignal } from '../signal/live-signal.ts';
import { applyTheme } from '../style/theme.ts';
import { BenchView } from './bench/bench-view.ts';
import { DeviceView } from './device/device-view.ts';
import { createHelp } from './dialogs/help.ts';
import { createSetup } from './dialogs/setup.ts';
import { Keys } from './keys.ts';
import { LimitsDialog } from './limits/limits-dialog.ts';
import { LiveView } from './live/live-view.ts';
import { PatientPanel } from './patient/patient-panel.ts';
import { ReviewData } from './review/review-data.ts';
import { ReviewView } from './review/review-view.ts';
import { SettingsStore } from './settings.ts';
import { Shell } from './shell.ts';
import { type ConnectionState, Stream } from './stream.ts';

const settings = new SettingsStore();
settings.load();
const signal = new LiveSignal();
const book = new AlertBook();
const openAlert = () => {};
const alerts = new AlertList(book, openAlert);
const patient = new PatientPanel(() => stream);
const limits = new LimitsDialog(() => stream);
const live = new LiveView(signal, settings, patient, alerts, limits.button);
const device = new DeviceView(() => stream);
const bench = new BenchView(() => stream, signal, live.strip.element);
const review = new ReviewView(
  new ReviewData(signal, () => settings.current),
  settings,
  book,
  () => ({ bed, info: told }),
  () => stream,
);
const shell = new Shell([live, review, device, bench]);
const banner = new AlertBar(book, {
  acknowledge,
  silence,
  open: (alert) => {
    location.hash = `#review?alert=${encodeURIComponent(alert.id)}&t=${Math.round(alert.start_t_ms)}`;
  },
  showAll: () => {
    location.hash = '#live';
    alerts.element.scrollIntoView({ block: 'nearest' });
    alerts.element.focus();
  },
});

/** Both refusals are said where the alert stands; what was done comes back as the alert's own update. */
function acknowledge(alert: AlertEvent | undefined): void {
  if (alert)
    stream.request('acknowledge', { id: alert.id }).catch((error: Error) => banner.complain(error.message));
}

function silence(): void {
  stream.request('silence', { seconds: 120 }).catch((error: Error) => banner.complain(error.message));
}

let connection: ConnectionState = 'connecting';
let lead: LeadEvent | null = null;
/** What people call the device, and what it said of itself last. */
let bed = '';
let told: InfoEvent | null = null;
/** Since when the patient is connected, as the daemon said last. */
let patientSinceMs: number | null = null;
let retryAtMs: number | null = null;

const stream = new Stream(new URL('stream', location.href.replace(/^http/, 'ws')).href, {
  message: take,
  wave: (frame) => signal.wave(frame),
  state: (state, retry) => {
    connection = state;
    retryAtMs = retry;
    if (state === 'lost') live.numbers.forget();
    // Before the daemon's first word of itself nothing is known.
    if (state !== 'open') banner.know(state === 'lost' ? 'lost' : 'connecting');
    shell.status(connection, lead, retryAtMs);
  },
});

function take(message: StreamMessage): void {
  switch (message.topic) {
    case 'hello': {
      const { device_label, info, alerts, vitals, health } = message.event;
      bed = device_label;
      shell.label(device_label);
      takeInfo(info);
      signal.hello(message.event);
      device.update({ health });
      shell.health(health);
      book.replace(alerts);
      live.numbers.vitals(vitals);
      setLead(message.event.lead);
      bench.connected();
      return;
    }
    case 'info':
      takeInfo(message.event);
      signal.setLeadNames(message.event.leads);
      return;
    case 'lead':
      setLead(message.event);
      return;
    case 'vitals':
      live.numbers.vitals(message.event);
      return;
    case 'beat':
      signal.beat(message.event);
      live.strip.beat(message.event);
      live.numbers.beat(message.event);
      return;
    case 'peak':
      signal.peaks.add(message.event);
      live.numbers.peak();
      return;
    case 'alert':
      book.add(message.event);
      return;
    case 'strip':
      book.addStrip(message.event);
      return;
    case 'quality':
      signal.quality(message.event);
      return;
    case 'gap':
      signal.gap(message.event);
      return;
    case 'skipped':
      signal.skipped(message.event);
      return;
    case 'clock':
      signal.clock(message.event);
      return;
    case 'health':
      device.update({ health: message.event });
      shell.health(message.event);
  }
}

function takeInfo(info: InfoEvent | null): void {
  takePatient(info?.patient.since_ms ?? null);
  patient.update(info);
  shell.info(info);
  banner.know(info === null ? 'starting' : 'current');
  banner.showDisabled(info?.alerts_disabled ?? []);
  limits.update(info?.alert_limits ?? [], info?.alerts_disabled ?? []);
  told = info;
  shell.offer('bench', info?.replay === true);
  device.update({ info });
  const named = info?.model?.labels ?? [];
  if (named.length > 0) live.numbers.labels(BEAT_LABELS.filter((label) => named.includes(label)));
}

/** Another patient than before: the page begins again. */
function takePatient(sinceMs: number | null): void {
  if (sinceMs === null || sinceMs === patientSinceMs) return;
  if (patientSinceMs !== null) {
    signal.forget();
    book.replace([]);
    live.numbers.forget();
    patient.forget();
  }
  patientSinceMs = sinceMs;
}

function setLead(event: LeadEvent | null): void {
  lead = event;
  if (event) live.numbers.lead(event);
  device.update({ lead: event });
  shell.status(connection, lead, retryAtMs);
}

const keys = new Keys();
live.bindKeys(keys);
review.bindKeys(keys);
keys.add(
  {
    keys: ['a'],
    does: 'acknowledge the alert',
    run: () => acknowledge(book.active.find((alert) => !alert.acknowledged)),
  },
  { keys: ['s'], does: 'silence all alerts for two minutes', run: silence },
  ...['live', 'review', 'device', 'bench'].map((name, i) => ({
    keys: [String(i + 1)],
    does: `${name} view`,
    run: () => {
      location.hash = name;
    },
  })),
  { keys: ['?'], does: 'this help', run: () => help.showModal() },
);
const help = createHelp(keys);
const sound = new AlertSound(book);
const setup = createSetup(settings, () => sound.test());
const soundButton = new SoundButton(sound, book, (on) => settings.change({ sound: on }));

settings.watch((current) => {
  applyTheme(current);
  live.strip.invalidate();
  review.redraw();
  sound.turn(current.sound);
  sound.setVolume(current.volume);
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => live.strip.invalidate());
void document.fonts.ready.then(() => live.strip.invalidate());
shell.start(
  document.getElementById('app')!,
  banner.element,
  soundButton.element,
  button('Screen', () => setup.showModal()),
  button('Help', () => help.showModal(), { 'aria-keyshortcuts': '?' }),
);
keys.start();
live.start();
review.start();
sound.start();
soundButton.start();
stream.start();
window.setInterval(() => shell.status(connection, lead, retryAtMs), 1000);

/** For the console, the tests and the benchmark: what is drawn and how fast. */
Object.assign(window, { rhythmd: { signal, settings, live, review, stream } });
