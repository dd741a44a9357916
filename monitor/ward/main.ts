/** Puts the ward together: the link feeds the roster, the roster feeds tiles, bar, bed and fleet. */
import type { WardBed } from '@rhythmd/protocol/ward.ts';
import { AlertSound } from '../alerts/alert-sound.ts';
import { SoundButton } from '../alerts/sound-button.ts';
import { h, setAttributes, setText } from '../dom.ts';
import { clockTimeWithZone } from '../time.ts';
import { BedView } from './bed/bed-view.ts';
import type { Bed } from './beds/bed.ts';
import { Roster } from './beds/roster.ts';
import type { Standing } from './beds/standing.ts';
import { FleetView } from './fleet/fleet-view.ts';
import { Asking } from './link/asking.ts';
import { BrokerLink, type LinkState } from './link/broker-link.ts';
import { WaveWishes } from './link/wave-wishes.ts';
import { Grid } from './tiles/grid.ts';
import { type StandingAtBed, WardBar } from './ward-bar.ts';
import { fetchSettings, type WardSettings, wardFromTopic } from './ward-settings.ts';
import { WhoDialog } from './who.ts';

const SILENCE_S = 120;
/** What a bed says that is shown; `wave` comes only for a while after it was asked for. */
const LEAVES = [
  'state',
  'info',
  'lead',
  'vitals',
  'health',
  'alert',
  'alert/active',
  'strip/+',
  'beat',
  'wave',
  'bridge',
  'response/+',
];
/** Without a list: who speaks, directly below the base or below a ward. */
const DISCOVERY = ['ecg/+/vitals', 'ecg/+/+/vitals'];
const FLEET = ['ecg/+/info', 'ecg/+/+/info'];
const UPDATE_MS = 250;

const roster = new Roster();
const grid = new Grid({ acknowledge, silence, open: (bed) => go(bed) });
const bar = new WardBar((bed) => go(bed));
const fleet = new FleetView(roster);
const asking = new Asking((topic, payload) => link?.publish(topic, payload) ?? false);
const waves = new WaveWishes(asking);
const who = new WhoDialog(({ credentials }) => {
  waves.connected(true);
  if (credentials !== null) link?.signIn(credentials);
});
let settings: WardSettings | null = null;
let link: BrokerLink | null = null;
let linkState: LinkState = { kind: 'connecting', broker: '' };
/** Why the list of beds is not what somebody wrote. */
let listProblem: string | null = null;
let problem: string | null = 'Connecting: nothing is known yet';
let wasOpen = false;
let bedView: BedView | null = null;
let standing: readonly StandingAtBed[] = [];

const audible = {
  get active() {
    return standing.map(({ standing: { alert, priority, isAcknowledged, isSilenced } }) => ({
      priority,
      acknowledged: isAcknowledged,
      silenced: isSilenced,
      silenced_until_ms: alert?.silenced_until_ms ?? null,
    }));
  },
};
const sound = new AlertSound(audible);
const soundButton = new SoundButton(sound, audible, (on) => sound.turn(on));

const main = h('main', { id: 'view', tabindex: -1 });
const title = h('h1', {}, 'Ward');
const state = h('p.connection', { role: 'status' }, 'Connecting');
const clock = h('time.clock', { title: 'The clock of this computer' });
const links = new Map([
  ['', h('a', { href: '#' }, 'Ward')],
  ['fleet', h('a', { href: '#fleet' }, 'Fleet')],
]);
const order = h(
  'button',
  { type: 'button', 'aria-pressed': 'true', title: 'Beds at which something stands come first' },
  'Alarms first',
);
order.addEventListener('click', () => {
  grid.isSorted = !grid.isSorted;
  setAttributes(order, { 'aria-pressed': String(grid.isSorted) });
});

function go(bed: Bed): void {
  location.hash = `bed/${encodeURIComponent(bed.place.base)}`;
}

/** A bed's own alarm is for this page only; a device's is told to the device, which tells everybody. */
function acknowledge(bed: Bed, { alert }: Standing): void {
  if (alert === null) {
    bed.isSilenceSeen = true;
    update();
  } else ask(bed, () => asking.ask(bed.place, 'acknowledge', { id: alert.id, ...by() }));
}

function silence(bed: Bed): void {
  ask(bed, () => asking.ask(bed.place, 'silence', { seconds: SILENCE_S, ...by() }));
}

function by(): { by?: string } {
  const { name, credentials } = who.who;
  const said = name ?? credentials?.user ?? null;
  return said === null ? {} : { by: said.slice(0, 40) };
}

function ask(bed: Bed, request: () => Promise<unknown>): void {
  if (by().by === undefined) {
    who.open('Say who you are first: the device writes down who acknowledges and silences.');
    return;
  }
  request().catch((error: Error) => {
    const now = performance.now();
    for (const tile of [...grid.tiles, ...(bedView === null ? [] : [bedView.tile])]) {
      if (tile.bed === bed) tile.complain(error.message, now);
    }
  });
}

function onLink(next: LinkState): void {
  linkState = next;
  if (next.kind === 'open') {
    waves.connected(!wasOpen);
    roster.listen(performance.now());
    problem = null;
  } else {
    if (next.kind === 'lost') {
      asking.disconnected();
      problem = `Not connected, nothing is known: ${next.why}`;
      if (next.refused && !who.isOpen) who.open(`${next.why}.`);
    }
    roster.listen(null);
  }
  wasOpen ||= next.kind === 'open';
  update();
}

function onMessage(topic: string, payload: Uint8Array, isMemory: boolean): void {
  if (asking.hear(topic, payload)) return;
  if (topic === settings?.bedsTopic) {
    const ward = wardFromTopic(payload);
    listProblem = typeof ward === 'string' ? ward : null;
    if (typeof ward !== 'string') roster.list(ward);
    return;
  }
  const bed = roster.hear(topic, payload, isMemory, { wallMs: Date.now(), steadyMs: performance.now() });
  // An alarm is not kept waiting for the next look.
  if (bed !== null && /\/(alert|alert\/active|state|bridge)$/.test(topic)) update();
}

function filters(): string[] {
  const beds = roster.beds.flatMap(({ place }) => LEAVES.map((leaf) => `${place.base}/${leaf}`));
  const topic = settings?.bedsTopic;
  return [
    ...beds,
    ...(topic === null || topic === undefined ? [] : [topic]),
    ...(roster.isListed || topic != null ? [] : DISCOVERY),
    ...(location.hash === '#fleet' ? FLEET : []),
  ];
}

function update(): void {
  const now = performance.now();
  grid.update(now);
  standing =
    problem === null
      ? grid.tiles.flatMap((tile) => tile.standing.map((one) => ({ bed: tile.bed, standing: one })))
      : [];
  const nobody =
    roster.beds.length === 0 && settings?.bedsTopic != null
      ? `No list of beds on ${settings.bedsTopic} yet`
      : null;
  bar.draw(standing, problem ?? listProblem ?? nobody, roster.beds.length);
  bedView?.update(now);
  if (fleet.element.isConnected) fleet.update(now);
  drawState();
}

function drawState(): void {
  setText(clock, clockTimeWithZone(Date.now()));
  const complaint = waves.complaint;
  if (linkState.kind === 'open') {
    const { broker, place, of } = linkState;
    const which = of > 1 ? ` (${place} of ${of})` : '';
    setText(state, `${hostOf(broker)}${which}${complaint === null ? '' : ` · ${complaint}`}`);
    setAttributes(state, { 'data-state': complaint === null ? 'good' : 'unsure', title: broker });
  } else {
    setText(state, linkState.kind === 'lost' ? 'Not connected' : `Connecting to ${hostOf(linkState.broker)}`);
    setAttributes(state, { 'data-state': linkState.kind === 'lost' ? 'bad' : 'unknown' });
  }
}

function hostOf(broker: string): string {
  return URL.canParse(broker) ? new URL(broker).host : broker;
}

function route(): void {
  const name = location.hash.slice(1);
  const bed = name.startsWith('bed/') ? roster.find(decode(name.slice(4))) : null;
  bedView =
    bed === null
      ? null
      : new BedView(
          bed,
          {
            acknowledge,
            silence,
            open: () => {},
            strip: (of) => asking.ask(of.place, 'strip', { seconds: 10 }),
          },
          historyOf(bed.place),
        );
  main.replaceChildren(bedView?.element ?? (name === 'fleet' ? fleet.element : grid.element));
  for (const [key, element] of links)
    setAttributes(element, { 'aria-current': bedView === null && key === name ? 'page' : null });
  document.title = `${bed?.place.label ?? (name === 'fleet' ? 'Fleet' : (settings?.ward?.title ?? 'Ward'))} · rhythmd`;
  link?.listenFor(filters());
  update();
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

function historyOf({ device }: WardBed): string | null {
  return settings?.ward?.history?.replaceAll('{device}', encodeURIComponent(device)) ?? null;
}

async function start(): Promise<void> {
  document
    .getElementById('app')!
    .replaceChildren(
      h(
        'header.top',
        {},
        title,
        h('nav', { 'aria-label': 'Views' }, ...links.values()),
        state,
        h(
          'div.header-right',
          {},
          clock,
          h('p.notice', {}, 'Not a medical device'),
          order,
          soundButton.element,
          who.button,
        ),
      ),
      bar.element,
      main,
    );
  grid.start();
  sound.start();
  soundButton.start();
  window.addEventListener('hashchange', route);
  const redraw = () => grid.redraw();
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);
  void document.fonts.ready.then(redraw);
  const frame = (nowMs: number): void => {
    requestAnimationFrame(frame);
    bedView?.frame(nowMs);
  };
  requestAnimationFrame(frame);
  route();
  window.setInterval(update, UPDATE_MS);
  settings = await fetchSettings();
  roster.onBeds = (beds) => {
    grid.setBeds(beds);
    route();
  };
  if (settings.ward !== null) roster.list(settings.ward);
  setText(title, settings.ward?.title ?? 'Ward');
  link = new BrokerLink(settings.brokers, { message: onMessage, state: onLink });
  link.listenFor(filters());
  const { credentials } = who.who;
  link.start(credentials);
  window.setInterval(() => {
    const open = bedView === null ? grid.bedsOnScreen() : [bedView.bed];
    waves.tick(open, performance.now());
  }, 1000);
}

start().catch((error: Error) => {
  problem = error.message;
  update();
});

/** For the console and the tests: what is known. */
Object.assign(window, { rhythmd: { roster, grid, asking, link: () => linkState } });
