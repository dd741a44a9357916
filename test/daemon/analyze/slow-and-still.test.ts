/** Hearts that beat slowly or not at all, on a quiet lead: every beat is found, and what is wrong is said. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RecordAnalysis } from '@rhythmd/daemon/analyze/record-analysis.ts';
import { unreadableStretches } from '@rhythmd/daemon/analyze/told-alarms.ts';
import { openRhythmNetwork, type RhythmNetwork } from '@rhythmd/daemon/classify/rhythm-network.ts';
import { rhythmSettings } from '@rhythmd/ecg/rhythm/settings.ts';
import { isBeatCode } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import { findBesideRecords } from '@rhythmd/records/folders.ts';
import { openRecord } from '@rhythmd/records/open-record.ts';
import { readAnnotationFile } from '@rhythmd/records/read-annotations.ts';
import { fromInstallation } from '@rhythmd/shell/installation.ts';
import { needsFile } from '../../support/needs.ts';

const pathOf = (name: string) =>
  findBesideRecords(`../cases/slow-and-still/${name}.hea`)?.replace(/\.hea$/, '') ?? null;

async function analysed(path: string, rhythmNetwork: RhythmNetwork | null = null) {
  const analysis = new RecordAnalysis(openRecord(path), {
    classifier: null,
    rhythmNetwork,
    signals: [0],
    settings: rhythmSettings(),
    onClassifierFailure: (error) => assert.fail(String(error)),
    interruption: new AbortController().signal,
  });
  const { beats, alerts, quality, sampleCount } = await analysis.run();
  const started = alerts.filter(({ phase }) => phase === 'start');
  return { beats, started, unreadable: unreadableStretches(quality, sampleCount) };
}

const still = pathOf('standstill/a2');
test(
  'a standstill with two or ten microvolts of noise is one',
  needsFile(still && `${still}.hea`, 'cases'),
  async () => {
    for (const name of ['standstill/a2', 'standstill/a10']) {
      const { started } = await analysed(pathOf(name)!);
      assert.ok(
        started.some(({ kind, priority }) => kind === 'asystole' && priority === 'high'),
        name,
      );
    }
  },
);

const slow = pathOf('slow/r100_30');
test(
  'thirty beats a minute: each is found, nothing is unreadable, bradycardia is told',
  needsFile(slow && `${slow}.hea`, 'cases'),
  async () => {
    for (const name of ['r100_30', 'r100_35', 'r115_30', 'r117_35', 's32_3', 's35_0', 's45_0']) {
      const path = pathOf(`slow/${name}`)!;
      const { beats, started, unreadable } = await analysed(path);
      const reference = readAnnotationFile(`${path}.atr`).filter(({ code }) => isBeatCode(code));
      assert.equal(beats.length, reference.length, name);
      assert.deepEqual(unreadable, [], name);
      assert.ok(
        started.some(({ kind }) => kind === 'bradycardia'),
        name,
      );
    }
  },
);

test(
  'the same with the shipped rhythm network: standstills are told, slow hearts have no other alarm of high priority',
  needsFile(slow && `${slow}.hea`, 'cases'),
  async () => {
    const network = await openRhythmNetwork(fromInstallation('models/rhythmnet'), 'auto');
    try {
      for (const name of ['a2', 'a10']) {
        const { started } = await analysed(pathOf(`standstill/${name}`)!, network);
        const alarm = started.find(({ kind }) => kind === 'asystole');
        assert.equal(alarm?.priority, 'high', name);
      }
      for (const name of ['r100_30', 'r100_35', 'r115_30', 'r117_35', 's32_3', 's35_0', 's45_0']) {
        const { started } = await analysed(pathOf(`slow/${name}`)!, network);
        const high = started.filter(({ priority }) => priority === 'high').map(({ kind }) => kind);
        assert.deepEqual(
          high.filter((kind) => kind !== 'bradycardia'),
          [],
          name,
        );
        assert.ok(
          started.some(({ kind }) => kind === 'bradycardia'),
          name,
        );
      }
    } finally {
      await network.close();
    }
  },
);
