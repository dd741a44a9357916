/**
 * The alarm path as queues. A shard is one broker (or one node's share of a cluster): one line, first come first served, as every MQTT broker has
 * it, with a fixed time of service for each packet in or out. Devices do not know of each other, so in quiet times their messages
 * come as a Poisson stream; what they have in common is simulated apart: an alarm storm, and the return of all after an outage.
 */

export interface Shard {
  readonly devices: number;
  /** Packets in and out that the broker takes a second. */
  readonly packetsPerSecond: number;
  /** Packets a message costs: in, and out to each that listens. */
  readonly packetsPerMessage: number;
  /** Messages a device a second. */
  readonly messagesPerSecond: number;
  /** Alerts, starts and ends and changes, a device a second. */
  readonly alertsPerSecond: number;
}

/** Delays of alerts in bins of a tenth of a millisecond, so that a million devices need no more memory than one. */
export class Delays {
  static readonly #BIN_MS = 0.1;
  readonly #bins = new Float64Array(1_000_000);
  #count = 0;

  add(ms: number): void {
    const bin = Math.min(this.#bins.length - 1, Math.floor(ms / Delays.#BIN_MS));
    this.#bins[bin] = (this.#bins[bin] ?? 0) + 1;
    this.#count++;
  }

  get count(): number {
    return this.#count;
  }

  /** Upper edge of its bin; null without any. */
  percentile(part: number): number | null {
    let before = 0;
    for (let bin = 0; bin < this.#bins.length; bin++) {
      before += this.#bins[bin] ?? 0;
      if (before >= part * this.#count && before > 0) return (bin + 1) * Delays.#BIN_MS;
    }
    return null;
  }
}

export const loadOf = ({ devices, messagesPerSecond, packetsPerMessage, packetsPerSecond }: Shard): number =>
  (devices * messagesPerSecond * packetsPerMessage) / packetsPerSecond;

/** Lindley's recursion over `seconds` of a quiet time: the wait of each is what the one before left, less the time between. */
export function quietTime(shard: Shard, seconds: number, random: () => number, delays: Delays): void {
  const rate = shard.devices * shard.messagesPerSecond;
  const serviceS = shard.packetsPerMessage / shard.packetsPerSecond;
  const isAlert = shard.alertsPerSecond / shard.messagesPerSecond;
  let waitS = 0;
  for (let atS = 0; atS < seconds; ) {
    const gapS = -Math.log(1 - random()) / rate;
    atS += gapS;
    waitS = Math.max(0, waitS - gapS);
    if (random() < isAlert) delays.add(1000 * (waitS + serviceS));
    waitS += serviceS;
  }
}

/** The same, while a part of all devices alarm within one second (a lift in the mains, a network that comes back): alert, list and strip each. */
export function alarmStorm(shard: Shard, part: number, random: () => number, delays: Delays): void {
  const serviceS = shard.packetsPerMessage / shard.packetsPerSecond;
  const background = 10 * shard.devices * shard.messagesPerSecond;
  const storm = Math.round(part * shard.devices);
  const arrivals: { atS: number; alert: boolean }[] = [];
  for (let index = 0; index < background; index++) arrivals.push({ atS: 10 * random(), alert: false });
  for (let index = 0; index < storm; index++) {
    const atS = 4 + random();
    arrivals.push({ atS, alert: true }, { atS, alert: false }, { atS: atS + 5, alert: false });
  }
  arrivals.sort((a, b) => a.atS - b.atS);
  let freeS = 0;
  for (const { atS, alert } of arrivals) {
    freeS = Math.max(freeS, atS) + serviceS;
    if (alert) delays.add(1000 * (freeS - atS));
  }
}

/**
 * All devices come back to a broker that was away, within `spreadS`, each with a backlog that it sends `window` at a time. In the ten seconds after
 * that each has one new alert, which goes before its device's backlog, but behind what all have on their way.
 * @returns how long it lasts, in seconds
 */
export function returnOfAll(
  shard: Shard,
  outageS: number,
  spreadS: number,
  window: number,
  random: () => number,
  delays: Delays,
): number {
  const { devices } = shard;
  const serviceS = shard.packetsPerMessage / shard.packetsPerSecond;
  const backlog = Math.round(outageS * shard.messagesPerSecond) + window;
  const comesS = Float64Array.from({ length: devices }, () => spreadS * random()).sort();
  const alertS = comesS.map((atS) => atS + 10 * random());
  const byAlert = Array.from(alertS.keys()).sort((a, b) => (alertS[a] ?? 0) - (alertS[b] ?? 0));
  const left = new Int32Array(devices).fill(backlog);
  const onTheWay = new Int32Array(devices);
  const waits = new Uint8Array(devices);
  // Whose packet is next, in order of arrival; an alert is written as -1 - device. Never more than the window of each.
  const line = new Int32Array(devices * (window + 1) + 1);
  let [head, tail, come, alert, nowS] = [0, 0, 0, 0, 0];
  const send = (device: number) => {
    while ((onTheWay[device] ?? 0) < window && ((waits[device] ?? 0) > 0 || (left[device] ?? 0) > 0)) {
      const isAlert = waits[device] === 1;
      if (isAlert) waits[device] = 0;
      else left[device] = (left[device] ?? 0) - 1;
      onTheWay[device] = (onTheWay[device] ?? 0) + 1;
      line[tail] = isAlert ? -1 - device : device;
      tail = (tail + 1) % line.length;
    }
  };
  while (head !== tail || come < devices || alert < devices) {
    const nextS = Math.min(comesS[come] ?? Infinity, alertS[byAlert[alert] ?? -1] ?? Infinity);
    if (head === tail) nowS = Math.max(nowS, nextS);
    for (; (comesS[come] ?? Infinity) <= nowS; come++) send(come);
    for (; (alertS[byAlert[alert] ?? -1] ?? Infinity) <= nowS; alert++) {
      const device = byAlert[alert] as number;
      waits[device] = 1;
      send(device);
    }
    const packet = line[head] as number;
    const device = packet < 0 ? -1 - packet : packet;
    head = (head + 1) % line.length;
    nowS += serviceS;
    if (packet < 0) delays.add(1000 * (nowS - (alertS[device] as number)));
    onTheWay[device] = (onTheWay[device] ?? 0) - 1;
    send(device);
  }
  return nowS;
}

export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
