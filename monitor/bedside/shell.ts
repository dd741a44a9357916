/** The frame around the views: name, what is connected, where to go, and what this is not. */
import type { HealthEvent, InfoEvent, LeadEvent } from '@rhythmd/protocol/events.ts';
import { h, setAttributes, setText } from '../dom.ts';
import { clockTimeWithZone } from '../time.ts';
import type { ConnectionState } from './stream.ts';

export interface View {
  readonly name: string;
  readonly title: string;
  readonly element: HTMLElement;
  /** Shown or hidden; a hidden view does no work. */
  show?(parameters: URLSearchParams): void;
  hide?(): void;
}

export class Shell {
  readonly #views: readonly View[];
  readonly #links = new Map<string, HTMLAnchorElement>();
  readonly #name = h('h1', {}, 'rhythmd');
  readonly #bed = h('p.bed', { hidden: true });
  readonly #source = h('p.source', {}, '');
  readonly #recording = h('p.connection.recording', { role: 'status' });
  readonly #state = h('p.connection', { role: 'status' }, 'Connecting');
  readonly #main = h('main', { id: 'view', tabindex: -1 });
  readonly #clock = h('time.clock', { title: 'The clock of this computer' });
  readonly #right = h('div.header-right');
  #current: View | null = null;
  #deviceLabel = '';
  /** null: not known. */
  #recordingWords: readonly [words: string, look: string] | null = null;
  #isConnected = false;

  constructor(views: readonly View[]) {
    this.#views = views;
  }

  start(root: HTMLElement, banner: HTMLElement, ...tools: readonly HTMLElement[]): void {
    const nav = h('nav', { 'aria-label': 'Views' });
    for (const view of this.#views) {
      const link = h('a', { href: `#${view.name}` }, view.title);
      this.#links.set(view.name, link);
      nav.append(link);
    }
    this.#right.append(this.#clock, h('p.notice', {}, 'Not a medical device'), ...tools);
    const tick = (): void => setText(this.#clock, clockTimeWithZone(Date.now()));
    window.setInterval(tick, 1000);
    tick();
    root.replaceChildren(
      h(
        'header.top',
        {},
        this.#name,
        this.#bed,
        nav,
        this.#source,
        h('div.states', {}, this.#state, this.#recording),
        this.#right,
      ),
      banner,
      this.#main,
    );
    window.addEventListener('hashchange', () => this.#route());
    this.#route();
  }

  /** Adds or takes away a view's link; its address keeps working. */
  offer(name: string, offered: boolean): void {
    const link = this.#links.get(name);
    if (link) link.hidden = !offered;
  }

  /** What people call the device: a bed or a room. */
  label(deviceLabel: string): void {
    this.#deviceLabel = deviceLabel;
  }

  /** Whether what is seen now can be looked at again. */
  health(event: HealthEvent | null): void {
    this.#recordingWords = event === null ? null : recordingWords(event.recorder?.state ?? null);
    this.#showRecording();
  }

  info(event: InfoEvent | null): void {
    const label = event?.patient.label ?? '';
    const words = [this.#deviceLabel, label === this.#deviceLabel ? '' : label].filter((word) => word !== '');
    this.#bed.hidden = words.length === 0;
    // Whose bed it is matters more than what the program is called.
    this.#name.classList.toggle('visually-hidden', words.length > 0);
    // Each by itself: marks in one that turn the direction of writing must not turn the other.
    const said = words.map((word) => h('bdi', {}, word));
    if (this.#bed.textContent !== words.join(' · '))
      this.#bed.replaceChildren(...said.flatMap((word, i) => (i === 0 ? [word] : [' · ', word])));
    setAttributes(this.#source, { title: event?.description ?? null });
    setText(this.#source, event ? `${event.replay ? 'Replay: ' : ''}${event.description}` : '');
  }

  /** Connection first, then the electrodes: one sentence for the worst of them. */
  status(connection: ConnectionState, lead: LeadEvent | null, retryAtMs: number | null): void {
    this.#isConnected = connection === 'open';
    this.#showRecording();
    const seconds = retryAtMs === null ? 0 : Math.max(0, Math.ceil((retryAtMs - performance.now()) / 1000));
    let text = 'Connected';
    let state = 'good';
    if (connection === 'lost') {
      text = seconds > 0 ? `Connection lost, again in ${seconds} s` : 'Connection lost';
      state = 'bad';
    } else if (connection === 'connecting') {
      text = 'Connecting';
      state = 'unknown';
    } else if (lead && !lead.connected) {
      text = lead.reason ?? 'Lead off';
      state = 'bad';
    } else if (lead && lead.quality !== 'good') {
      text = lead.reason ?? `Signal ${lead.quality}`;
      state = 'unsure';
    }
    setText(this.#state, text);
    setAttributes(this.#state, { 'data-state': state });
  }

  /** Of a daemon that is not heard nobody knows whether it records. */
  #showRecording(): void {
    const [text, state] = (this.#isConnected && this.#recordingWords) || ['', 'unknown'];
    this.#recording.hidden = text === '';
    setText(this.#recording, text);
    setAttributes(this.#recording, { 'data-state': state });
  }

  #route(): void {
    const [name = '', query = ''] = location.hash.slice(1).split('?');
    const view = this.#views.find((candidate) => candidate.name === name) ?? this.#views[0]!;
    const parameters = new URLSearchParams(query);
    if (view !== this.#current) {
      this.#current?.hide?.();
      this.#main.replaceChildren(view.element);
      this.#main.className = view.name;
      this.#current = view;
      for (const [linkName, link] of this.#links) {
        setAttributes(link, { 'aria-current': linkName === view.name ? 'page' : null });
      }
      document.title = `${view.title} · rhythmd`;
    }
    view.show?.(parameters);
  }
}

/** @param state of the recorder; null: nothing is to be recorded */
function recordingWords(state: string | null): [words: string, look: string] {
  if (state === null) return ['Not recorded', 'unknown'];
  if (state === 'recording') return ['Recording', 'good'];
  if (state === 'waiting') return ['Not recording yet', 'unknown'];
  return [`Not recording: ${state}`, 'bad'];
}
