/**
 * Puts a record on the stage in real time (or faster), its reference annotations as verdicts. Run by hand it is the
 * page's workbench: `node --import tsx test/support/play-record.ts 208 8361`.
 */

import { shownLabelOf } from '@rhythmd/ecg/beat/labels.ts';
import type { BeatLabel } from '@rhythmd/ecg/types.ts';
import { readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { readRecord } from '@rhythmd/records/read-record.ts';
import { gatewayOf } from './gateway.ts';
import { alertEvent, healthEvent, Stage, timeOf, vitalsEvent } from './stage.ts';

const TICK_MS = 25;
/** A verdict comes about as late as from the daemon: with the next beat. */
const VERDICT_DELAY_S = 1;
export interface Playing {
  /** Samples put on so far. */
  readonly position: () => number;
  stop(): void;
}

export function playRecord(
  stage: Stage,
  name: string,
  options: { speed?: number; fromS?: number; loop?: boolean } = {},
): Playing {
  const { leads, rateHz, sampleCount } = readRecord(name);
  const beats = readAnnotations(name, 'atr').filter(({ code }) => shownLabelOf(code) !== null);
  const offset = Math.round((options.fromS ?? 0) * rateHz);
  const length = options.loop ? Number.POSITIVE_INFINITY : sampleCount - offset;
  const startedMs = performance.now();
  const recent: PlayedBeat[] = [];
  let position = 0;
  let next = beats.findIndex((beat) => beat.sample >= offset);
  let lap = 0;
  let nextVitals = 0;

  const putWave = (until: number): void => {
    while (position < until) {
      const at = (offset + position) % sampleCount;
      const count = Math.min(until - position, sampleCount - at);
      stage.wave(
        position,
        leads.map((lead) => lead.slice(at, at + count)),
      );
      position += count;
    }
  };
  const putBeats = (until: number): void => {
    for (;;) {
      const { sample, code } = beats[next]!;
      const at = sample - offset + lap * sampleCount;
      if (at >= until) return;
      const before = recent.at(-1);
      const rrMs = before ? ((at - before.sample) / rateHz) * 1000 : null;
      const label = shownLabelOf(code)!;
      stage.beat(at, label, rrMs);
      recent.push({ sample: at, label, rrMs });
      next = (next + 1) % beats.length;
      if (next === 0) lap++;
    }
  };
  const timer = setInterval(() => {
    const playedS = ((performance.now() - startedMs) / 1000) * (options.speed ?? 1);
    putWave(Math.min(length, Math.floor(playedS * rateHz)));
    putBeats(position - VERDICT_DELAY_S * rateHz);
    if (position < nextVitals) return;
    nextVitals = position + rateHz;
    while (recent.length > 1 && recent[0]!.sample < position - 60 * rateHz) recent.shift();
    stage.sink.vitals(vitalsOf(recent, position));
    stage.sink.health(healthEvent({ t_ms: timeOf(position), uptime_s: Math.round(position / rateHz) }));
  }, TICK_MS);
  return { position: () => position, stop: () => clearInterval(timer) };
}

interface PlayedBeat {
  readonly sample: number;
  readonly label: BeatLabel;
  readonly rrMs: number | null;
}

function vitalsOf(recent: readonly PlayedBeat[], position: number) {
  const rrs = recent.slice(-8).flatMap(({ rrMs }) => (rrMs === null ? [] : [rrMs]));
  if (rrs.length === 0) return vitalsEvent({ t_ms: timeOf(position) });
  const mean = rrs.reduce((sum, rr) => sum + rr, 0) / rrs.length;
  const counts = { N: 0, S: 0, V: 0, F: 0, Q: 0, '/': 0, f: 0, other: 0 };
  for (const { label } of recent) counts[label]++;
  return vitalsEvent({
    t_ms: timeOf(position),
    hr_bpm: 60_000 / mean,
    rr_ms: rrs.at(-1)!,
    sdnn_ms: Math.sqrt(rrs.reduce((sum, rr) => sum + (rr - mean) ** 2, 0) / rrs.length),
    beats_per_min: counts,
    quality: 0.97,
  });
}

if (process.argv[1]?.endsWith('play-record.ts')) {
  const [name = '208', port = '8361'] = process.argv.slice(2);
  const stage = new Stage({
    web: { port: Number(port) },
    leads: readRecord(name).leadNames,
    description: `MIT-BIH record ${name}`,
    requests: gatewayOf(() => ({})),
  });
  console.log(await stage.start());
  playRecord(stage, name);
  setTimeout(() => stage.sink.alert(alertEvent({ id: 'a1', start_t_ms: timeOf(0), t_ms: timeOf(0) })), 3000);
}
