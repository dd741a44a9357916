/**
 * Beats and alerts through a real mosquitto to a subscriber, while the broker and the sending program are killed
 * (SIGKILL) at random moments. What arrived is then compared with what was sent.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectAsync, type MqttClient } from 'mqtt';
import { Mosquitto } from '../mosquitto.ts';
import { until } from '../until.ts';

const driver = fileURLToPath(new URL('driver.ts', import.meta.url));
/** It keeps sessions over a kill, as far as mosquitto can: saved after every change. */
const PERSISTENCE = ['persistence true', 'autosave_on_changes true', 'autosave_interval 1'];
const LONGEST_OUTAGE_MS = 1500;

export interface KillTrialOptions {
  readonly beats: number;
  readonly beatsPerSecond: number;
  readonly brokerKills: number;
  readonly daemonKills: number;
  readonly seed: number;
  readonly progress: (line: string) => void;
}

export interface KillTrialResult {
  readonly beats: number;
  readonly alerts: number;
  readonly brokerKills: number;
  readonly daemonKills: number;
  /** Messages that came more than once, all of them with the same id and the same content. */
  readonly repeated: number;
  /** On disk when the program died, and never arrived. */
  readonly lost: readonly string[];
  /** Handed over at most a disk write before a kill, never stored and never arrived. */
  readonly lostBeforeDisk: readonly string[];
  /** First copies that came before an earlier one of their topic. */
  readonly outOfOrder: number;
  /** Two different messages under one id. */
  readonly ambiguous: number;
  readonly seconds: number;
}

interface Arrival {
  readonly key: string;
  readonly text: string;
}

export async function runKillTrial(options: KillTrialOptions): Promise<KillTrialResult> {
  const { beats, beatsPerSecond, brokerKills, daemonKills, progress } = options;
  const random = seeded(options.seed);
  const folder = mkdtempSync(join(tmpdir(), 'kill-trial-'));
  writeFileSync(join(folder, 'pushed'), '');
  writeFileSync(join(folder, 'stored'), '');
  const mosquitto = new Mosquitto({ configuration: PERSISTENCE, persistenceFolder: folder });
  const startedMs = performance.now();
  let sender: ChildProcess | null = null;
  let listener: MqttClient | null = null;
  try {
    await mosquitto.start();
    const arrivals: Arrival[] = [];
    listener = await listen(mosquitto.url, arrivals);
    let finished = false;
    const startSender = () => {
      const words = ['--import', 'tsx', driver, mosquitto.url, folder, String(beats), String(beatsPerSecond)];
      const child = spawn(process.execPath, words, { stdio: ['ignore', 'inherit', 'inherit'] });
      child.on('exit', (code) => {
        finished ||= code === 0;
      });
      sender = child;
    };
    startSender();
    const lines = () => ledger(folder, 'pushed').length;
    const kills = shuffled(
      [...Array(brokerKills).fill('broker'), ...Array(daemonKills).fill('daemon')] as const,
      random,
    );
    const all = beats + Math.floor(beats / 10) - 1;
    for (const [index, victim] of kills.entries()) {
      // Spread over the whole trial, at a random place within each part.
      const at = all * ((index + random() * 0.9) / kills.length) * 0.95;
      await until(
        () => lines() >= at,
        () => `${lines()} of ${at} events`,
        120_000,
      );
      progress(`kill ${index + 1} of ${kills.length}: the ${victim}, after ${lines()} of ${all} messages`);
      const outageMs = random() * LONGEST_OUTAGE_MS;
      if (victim === 'broker') await mosquitto.kill('SIGKILL');
      else await killHard(sender);
      await new Promise((resolve) => setTimeout(resolve, outageMs));
      if (victim === 'broker') await mosquitto.start();
      else startSender();
    }
    await until(
      () => finished,
      () => `the sender to finish: ${lines()} of ${all}`,
      300_000,
    );
    const wanted = ledger(folder, 'stored');
    const allThere = () => {
      const seen = new Set(arrivals.map(({ key }) => key));
      return wanted.every((key) => seen.has(key));
    };
    await until(allThere, 'all to arrive', 10_000).catch(() => {});
    const seconds = (performance.now() - startedMs) / 1000;
    return { ...compare(arrivals, wanted, ledger(folder, 'pushed')), brokerKills, daemonKills, seconds };
  } finally {
    await killHard(sender);
    listener?.end(true);
    await mosquitto.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A session that outlives its connections; reconnects faster than the sender, which is polite to its broker. */
async function listen(url: string, arrivals: Arrival[]): Promise<MqttClient> {
  const client = await connectAsync(url, { clientId: 'listener', clean: false, reconnectPeriod: 20 }, false);
  client.on('message', (topic, payload) => {
    const text = payload.toString();
    const { id, phase } = JSON.parse(text) as { id: string; phase?: string };
    arrivals.push({ key: topic.endsWith('/alert') ? `alert ${id} ${phase}` : `beat ${id}`, text });
  });
  await client.subscribeAsync(['ecg/d1/beat', 'ecg/d1/alert'], { qos: 1 });
  return client;
}

function compare(arrivals: readonly Arrival[], stored: readonly string[], pushed: readonly string[]) {
  const place = new Map(pushed.map((key, index) => [key, index]));
  const firstText = new Map<string, string>();
  let [repeated, ambiguous, outOfOrder] = [0, 0, 0];
  // Alerts may go before a backlog of beats: order holds within a topic.
  const latest = { alert: -1, beat: -1 };
  for (const { key, text } of arrivals) {
    const before = firstText.get(key);
    if (before !== undefined) {
      repeated++;
      if (before !== text) ambiguous++;
      continue;
    }
    firstText.set(key, text);
    // Sent in the instant before a kill, when even the ledger was not written: it has no place.
    const topic = key.startsWith('alert') ? 'alert' : 'beat';
    const index = place.get(key) ?? latest[topic];
    if (index < latest[topic]) outOfOrder++;
    latest[topic] = Math.max(latest[topic], index);
  }
  const missing = pushed.filter((key) => !firstText.has(key));
  const onDisk = new Set(stored);
  return {
    beats: pushed.filter((key) => key.startsWith('beat')).length,
    alerts: pushed.filter((key) => key.endsWith('start')).length,
    repeated,
    ambiguous,
    outOfOrder,
    lost: missing.filter((key) => onDisk.has(key)),
    lostBeforeDisk: missing.filter((key) => !onDisk.has(key)),
  };
}

/** Whole lines only: the last one may be cut by the kill. */
function ledger(folder: string, name: string): string[] {
  return readFileSync(join(folder, name), 'utf8').split('\n').slice(0, -1);
}

async function killHard(child: ChildProcess | null): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** mulberry32: a small generator, so that a trial can be repeated. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
