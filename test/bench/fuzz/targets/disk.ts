/** What lies on the disk: configuration, models, outbox, recordings, fault scripts. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseModelCard } from '@rhythmd/daemon/classify/model-card.ts';
import { readModelFiles } from '@rhythmd/daemon/classify/model-files.ts';
import { documentedToml } from '@rhythmd/daemon/config/document.ts';
import { loadConfig } from '@rhythmd/daemon/config/load.ts';
import { encodeFrame, FILE_MAGIC, scanFrames } from '@rhythmd/daemon/sink/outbox/frame.ts';
import { recover } from '@rhythmd/daemon/sink/outbox/recover.ts';
import { recoverRecordings } from '@rhythmd/daemon/sink/recorder/recover-recordings.ts';
import { parseSourceUrl } from '@rhythmd/daemon/source/source-url.ts';
import { parseFaultScript } from '@rhythmd/firmware-sim/faults/script.ts';
import { zipSync } from 'fflate';
import { repositoryRoot } from '../../../support/needs.ts';
import { bytesOf, type FuzzTarget, refusing, textOf } from '../target.ts';

const scratch = mkdtempSync(join(tmpdir(), 'rhythmd-fuzz-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

function emptied(name: string): string {
  const folder = join(scratch, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

const card = () => readFileSync(join(repositoryRoot, 'models/beatnet/card.json'));
const message = (sequence: number, topic: string, payload: string) =>
  encodeFrame({ sequence, lane: 'beat', topic, payload: Buffer.from(payload), tMs: 1.8e12 + sequence });
const frames = () =>
  Buffer.concat([1, 2, 5].map((sequence) => message(sequence, 'ecg/d1/beat', `{"seq":${sequence}}`)));

/** Three files of a recording in one input: they are told apart by a line of equals signs. */
const SEPARATOR = '\n====\n';
const recording = () =>
  bytesOf(
    [
      'r 2 360 4 15:00:00 22/11/2026\nr.dat 16 200(0) 16 0 1 10 0 MLII\nr.dat 16 200(0) 16 0 2 12 0 V1\n',
      '\x01\x00\x02\x00\x02\x00\x03\x00\x03\x00\x03\x00\x04\x00\x04\x00',
      '\x12\x04\x00\x00',
    ].join(SEPARATOR),
  );

export const DISK_TARGETS: readonly FuzzTarget[] = [
  {
    name: 'config-toml',
    seeds: () => [
      bytesOf('[web]\nport = 8360\nhost = "127.0.0.1"\n[alert]\ndisabled = ["pause"]\n'),
      bytesOf(documentedToml().slice(0, 4000)),
    ],
    words: ['[source]\n', 'url = "sim:208"\n', '= ', '"""', '[[', '{', '1979-05-27T07:32:00Z', 'nan'],
    run: (input) => {
      const path = join(scratch, 'config.toml');
      writeFileSync(path, input);
      return refusing(() => loadConfig(path, {}));
    },
  },
  {
    name: 'source-url',
    seeds: () =>
      [
        'serial:///dev/ttyUSB0?baud=115200',
        'tcp://127.0.0.1:9000',
        'wfdb:///a/208?speed=20',
        'sim:208?speed=1&loop',
        'stdin:',
      ].map(bytesOf),
    words: ['?speed=', 'max', '&', 'loop=', '[::1]', '%00', 'baud='],
    run: (input) => refusing(() => parseSourceUrl(textOf(input))),
  },
  {
    name: 'fault-script',
    seeds: () => [
      bytesOf('[[fault]]\nkind = "drop"\nat = 60\nfor = 10\nevery = 300\nshare = 0.002\n'),
      bytesOf('{"fault":[{"kind":"noise","at":1,"for":2}]}'),
    ],
    words: ['[[fault]]\n', 'kind = "silence"\n', 'at = -1\n', 'every = 0\n'],
    run: (input) => refusing(() => parseFaultScript(textOf(input), 'fuzzed')),
  },
  {
    name: 'model-card',
    seeds: () => [card()],
    words: ['"labels":', 'null', '[]', '{}', '"sha256":'],
    run: (input) => refusing(() => parseModelCard(textOf(input), 'fuzzed')),
  },
  {
    name: 'model-archive',
    seeds: () => [
      zipSync({ 'card.json': card().subarray(0, 900), 'model.onnx': bytesOf('no network') }),
      zipSync({ 'a/model.onnx': new Uint8Array(4000) }),
    ],
    words: ['PK\x01\x02', 'PK\x03\x04', 'PK\x05\x06', 'model.onnx', 'card.json'],
    run: (input) => {
      const path = join(scratch, 'model.zip');
      writeFileSync(path, input);
      return refusing(() => readModelFiles(path));
    },
  },
  {
    name: 'outbox-frames',
    seeds: () => [frames()],
    run: (input) => {
      let end = 0;
      const scan = scanFrames(Buffer.from(input), 0, 'beat', (found, at) => {
        if (at <= end || !Number.isSafeInteger(found.sequence)) throw new Error(`${found.sequence} at ${at}`);
        end = at;
        return true;
      });
      if (scan.end > input.length) throw new Error(`the end ${scan.end} lies behind it`);
    },
  },
  {
    name: 'outbox-folder',
    seeds: () => [Buffer.concat([FILE_MAGIC, frames()])],
    run: async (input) => {
      const folder = emptied('outbox');
      writeFileSync(join(folder, 'beat-000000000001.seg'), input);
      writeFileSync(join(folder, 'acknowledged'), input.subarray(0, 32));
      const { ackFile, nextSequence } = await recover(folder, () => 0);
      await ackFile.close();
      if (!(nextSequence >= 1)) throw new Error(`the next sequence is ${nextSequence}`);
    },
  },
  {
    name: 'recorder-folder',
    seeds: () => [recording()],
    words: [
      'r 2 360 0',
      '# dated anew: recorded as 20261122_150000, before the clock was set\n',
      '360/72(0)',
      '212',
      '80',
    ],
    run: async (input) => {
      const folder = emptied('recordings');
      const parts = Buffer.from(input).toString('latin1').split(SEPARATOR);
      for (const [i, extension] of ['hea', 'dat', 'atr'].entries()) {
        writeFileSync(join(folder, `20261122_150000.${extension}`), bytesOf(parts[i] ?? ''));
      }
      await recoverRecordings(folder);
    },
  },
];
