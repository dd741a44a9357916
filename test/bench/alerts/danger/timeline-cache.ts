/**
 * What the stages before the rules make of a record, kept between runs of the benchmark: detection and the networks take most
 * of its time, and rules are what changes. One file a record, so the folder holds no more than the databases have; it is
 * made again when the record, a model or any code before the rules is another.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fromInstallation } from '@rhythmd/shell/installation.ts';
import type { RecordTimeline, TimelineEvent } from '../timeline.ts';

const FOLDER = process.env.RHYTHMD_BENCH_FOLDER || join(homedir(), '.cache/rhythmd/bench/timelines');
/** Code whose answer is kept. The rules, which are not here, read what these make. */
const SOURCES = [
  'ecg/beat',
  'ecg/network',
  'ecg/signal',
  'ecg/rhythm/rhythm-estimate.ts',
  'ecg/rhythm/rhythm-image.ts',
  'ecg/rhythm/rhythm-signal.ts',
  'ecg/types.ts',
  'daemon/classify',
  'daemon/quality-history.ts',
  'daemon/signal-stages.ts',
  'test/bench/alerts/timeline.ts',
];

/** Names what the stages and models are. @param models their folders; one that is not there counts as none */
export function stagesKey(models: readonly string[]): string {
  const hash = createHash('sha256');
  for (const source of SOURCES)
    for (const file of filesOf(fromInstallation(source))) hash.update(readFileSync(file));
  for (const model of models)
    hash.update(existsSync(model) ? readFileSync(join(model, 'model.onnx')) : 'none');
  return hash.digest('hex');
}

/** @param path of the record without extension. @param make what to do where nothing is kept */
export async function keptTimeline(
  key: string,
  name: string,
  path: string,
  make: () => Promise<RecordTimeline>,
): Promise<RecordTimeline> {
  const header = readFileSync(`${path}.hea`);
  const own = createHash('sha256')
    .update(key)
    .update(header)
    .update(sizeOf(`${path}.dat`))
    .digest('hex');
  const file = join(FOLDER, name);
  if (existsSync(`${file}.json`) && existsSync(`${file}.f32`)) {
    const kept = JSON.parse(readFileSync(`${file}.json`, 'utf8')) as { key: string; events: TimelineEvent[] };
    if (kept.key === own) {
      const lead = new Float32Array(Uint8Array.from(readFileSync(`${file}.f32`)).buffer);
      return { events: kept.events.map(withNumbers), lead, images: [], windows: [] };
    }
  }
  const timeline = await make();
  mkdirSync(FOLDER, { recursive: true });
  const { lead } = timeline;
  writeFileSync(`${file}.f32`, Buffer.from(lead.buffer, lead.byteOffset, lead.byteLength));
  const events = timeline.events.map(withLists);
  writeFileSync(`${file}.new`, JSON.stringify({ key: own, events }));
  renameSync(`${file}.new`, `${file}.json`);
  return { ...timeline, images: [], windows: [] };
}

/** JSON knows no typed arrays. */
function withLists(event: TimelineEvent): unknown {
  if ('estimate' in event) {
    return { ...event, estimate: { ...event.estimate, probabilities: [...event.estimate.probabilities] } };
  }
  if ('beat' in event && event.beat.probabilities !== null) {
    return { ...event, beat: { ...event.beat, probabilities: [...event.beat.probabilities] } };
  }
  return event;
}

function withNumbers(event: TimelineEvent): TimelineEvent {
  if ('estimate' in event) {
    const probabilities = Float32Array.from(event.estimate.probabilities);
    return { ...event, estimate: { ...event.estimate, probabilities } };
  }
  if ('beat' in event && event.beat.probabilities !== null) {
    return { ...event, beat: { ...event.beat, probabilities: Float32Array.from(event.beat.probabilities) } };
  }
  return event;
}

function filesOf(path: string): string[] {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const child = join(path, entry.name);
      if (entry.isDirectory()) return filesOf(child);
      return entry.name.endsWith('.ts') && !entry.name.endsWith('.test.ts') ? [child] : [];
    });
}

function sizeOf(file: string): string {
  return existsSync(file) ? `${statSync(file).size} ${statSync(file).mtimeMs}` : 'none';
}
