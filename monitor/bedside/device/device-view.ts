/** What is connected and how it is doing, in plain lists: nothing here needs watching, all of it can be looked up. */
import type { HealthEvent, InfoEvent, LeadEvent } from '@rhythmd/protocol/events.ts';
import { h } from '../../dom.ts';
import { duration } from '../../time.ts';
import type { View } from '../shell.ts';
import type { Stream } from '../stream.ts';
import { Doctor } from './doctor.ts';
import { type Fact, facts } from './facts.ts';
import { modelBox } from './model-box.ts';

export class DeviceView implements View {
  readonly name = 'device';
  readonly title = 'Device';
  readonly element: HTMLElement;
  readonly #boxes = h('div.facts-columns');
  readonly #doctor: Doctor;
  #info: InfoEvent | null = null;
  #health: HealthEvent | null = null;
  #lead: LeadEvent | null = null;

  constructor(stream: () => Stream) {
    this.#doctor = new Doctor(stream);
    this.element = h('div.device-view', {}, this.#boxes);
  }

  show(): void {
    this.#draw();
  }

  update(change: { info?: InfoEvent | null; health?: HealthEvent | null; lead?: LeadEvent | null }): void {
    if (change.info !== undefined) this.#info = change.info;
    if (change.health !== undefined) this.#health = change.health;
    if (change.lead !== undefined) this.#lead = change.lead;
    if (this.element.isConnected) this.#draw();
  }

  #draw(): void {
    this.#boxes.replaceChildren(
      facts('Source', this.#source()),
      facts('Leads', this.#leads()),
      modelBox(this.#info?.model ?? null),
      facts('Delivery', this.#delivery()),
      facts('Program', this.#program()),
      facts('Queues and counters', this.#queues()),
      this.#doctor.element,
    );
  }

  #source(): Fact[] {
    const source = this.#health?.source;
    return [
      ['Source', this.#info?.source],
      ['What it is', this.#info?.description],
      ['Board', this.#info?.board],
      ['State', source?.status ?? source?.state],
      ['Declared rate', this.#info?.rate_hz, 'Hz'],
      ['Measured rate', rounded(source?.measured_rate_hz, 3), 'Hz'],
      ['Clock drift', rounded(source?.drift_ppm, 0), 'ppm'],
      ['Frames good', source?.frames_ok],
      ['Frames bad', source?.frames_bad],
      ['Frames lost', source?.frames_lost],
      ['Samples lost', source?.samples_lost],
      ['Gaps', this.#health?.gaps],
      ['Bytes thrown away', source?.bytes_discarded],
    ];
  }

  #leads(): Fact[] {
    const names = this.#info?.leads ?? [];
    const rows: Fact[] = names.map((name, i) => [
      `${name}, one count`,
      rounded(this.#info?.microvolts_per_count[i], 3),
      'µV',
    ]);
    for (const { name, quality } of this.#lead?.leads ?? []) rows.push([`${name} is`, quality]);
    if (this.#lead)
      rows.push(['Connected', this.#lead.connected ? 'yes' : 'no'], ['Reason', this.#lead.reason ?? 'none']);
    return rows;
  }

  /** What stands at 0 is good news and needs no line. */
  #queues(): Fact[] {
    const all = Object.entries(this.#health?.queues ?? {});
    const rows = all.filter(([, n]) => n !== 0).map(([name, n]): Fact => [name.replaceAll('_', ' '), n]);
    return all.length === 0 ? [] : [...rows, [`${all.length - rows.length} others`, 0]];
  }

  #delivery(): Fact[] {
    const { broker, outbox, recorder } = this.#health ?? {};
    return [
      ['Broker', broker && (broker.connected ? 'connected' : (broker.reason ?? 'not connected'))],
      ['Address', broker?.url],
      ['Outbox', outbox?.messages, 'messages waiting'],
      ['Outbox on disk', outbox && rounded(outbox.bytes / 1000, 0), 'kB'],
      ['Given up', outbox?.dropped, 'messages'],
      ['Recorder', recorder?.state],
      ['Written a day', recorder && rounded((recorder.bytes_per_day ?? Number.NaN) / 1e6, 1), 'MB'],
    ];
  }

  #program(): Fact[] {
    const health = this.#health;
    return [
      ['Version', this.#info?.version],
      ['Device', this.#info?.device],
      ['Running for', health && duration(health.uptime_s * 1000)],
      ['Memory', rounded(health?.rss_mb, 0), 'MB'],
      ['Processor', rounded(health?.cpu_percent, 1), '% of a core'],
      ['Temperature', rounded(health?.temperature_c, 0), '°C'],
      ['Beat delay, median', rounded(health?.latency_ms.p50, 1), 'ms'],
      ['Beat delay, 95 %', rounded(health?.latency_ms.p95, 1), 'ms'],
      ['Beat delay, 99 %', rounded(health?.latency_ms.p99, 1), 'ms'],
    ];
  }
}

function rounded(value: number | null | undefined, digits: number): number | null {
  return value === null || value === undefined || !Number.isFinite(value)
    ? null
    : Number(value.toFixed(digits));
}
