/**
 * Which beds there are, and whose a topic is. The list is a file's or a topic's; without one every device that speaks gets a
 * place, as they are heard, until the page is full. Others are counted, never shown as beds.
 */
import { MAX_BEDS, type Ward, type WardBed } from '@rhythmd/protocol/ward.ts';
import { Bed, type Moment } from './bed.ts';
import { type BedInfo, readMessage } from './read-message.ts';

/** Devices that are not in the list: what the fleet table has room for. */
const MAX_OTHERS = 1000;
/** What a bed says. */
const LEAVES = /^(.+?)\/(alert\/active|strip\/[^/]+|state|info|lead|vitals|health|alert|beat|wave|bridge)$/;

export class Roster {
  #beds: Bed[] = [];
  #byBase = new Map<string, Bed>();
  readonly #others = new Map<string, BedInfo>();
  #isListed = false;
  #listeningSinceMs: number | null = null;
  /** Devices beyond what is counted. */
  #uncounted = 0;
  /** Called when there are other beds than before. */
  onBeds: (beds: readonly Bed[]) => void = () => {};

  get beds(): readonly Bed[] {
    return this.#beds;
  }

  /** Devices that have no bed here, by base. */
  get others(): ReadonlyMap<string, BedInfo> {
    return this.#others;
  }

  get uncounted(): number {
    return this.#uncounted;
  }

  get isListed(): boolean {
    return this.#isListed;
  }

  /** A bed that stays keeps what is known of it. */
  list(ward: Ward): void {
    this.#isListed = true;
    this.#setBeds(ward.beds);
  }

  listen(steadyMs: number | null): void {
    this.#listeningSinceMs = steadyMs;
    for (const bed of this.#beds) bed.listen(steadyMs);
  }

  find(base: string): Bed | null {
    return this.#byBase.get(base) ?? null;
  }

  /** @returns the bed that was heard; null for anything else */
  hear(topic: string, payload: Uint8Array, isMemory: boolean, now: Moment): Bed | null {
    const match = LEAVES.exec(topic);
    if (match === null) return null;
    const [, base = '', path = ''] = match;
    const bed = this.#byBase.get(base) ?? this.#meet(base, path, payload, isMemory, now);
    bed?.hear(path, payload, isMemory, now);
    return bed;
  }

  /** Without a list: who speaks now, and can be understood, has a bed. */
  #meet(base: string, path: string, payload: Uint8Array, isMemory: boolean, now: Moment): Bed | null {
    if (path === 'info') {
      const info = readMessage('info', payload, now.wallMs);
      if (info !== null) this.#count(base, info);
    }
    const mayStay = !this.#isListed && this.#beds.length < MAX_BEDS;
    if (!mayStay || path !== 'vitals' || isMemory) return null;
    if (readMessage('vitals', payload, now.wallMs) === null) return null;
    const device = base.slice(base.indexOf('/') + 1);
    const places = [
      ...this.#beds.map(({ place }) => place),
      { base, device, label: device.slice(0, 40), page: null },
    ];
    this.#setBeds(places.sort((a, b) => (a.device < b.device ? -1 : 1)));
    const bed = this.find(base);
    const info = this.#others.get(base);
    if (bed !== null && info !== undefined) bed.info = info;
    this.#others.delete(base);
    return bed;
  }

  #count(base: string, info: BedInfo): void {
    if (!this.#others.has(base) && this.#others.size >= MAX_OTHERS) this.#uncounted++;
    else this.#others.set(base, info);
  }

  #setBeds(places: readonly WardBed[]): void {
    const before = this.#byBase;
    this.#beds = places.map((place) => {
      const known = before.get(place.base);
      if (known !== undefined && known.place.label === place.label && known.place.page === place.page)
        return known;
      const bed = new Bed(place);
      bed.listen(this.#listeningSinceMs);
      return bed;
    });
    this.#byBase = new Map(this.#beds.map((bed) => [bed.place.base, bed]));
    for (const base of this.#byBase.keys()) this.#others.delete(base);
    this.onBeds(this.#beds);
  }
}
