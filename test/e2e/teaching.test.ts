/**
 * A person teaches record 232 on the page: a dozen beats, one click each. From then on the daemon judges every beat as
 * `analyze --teach` does with the same answers; another patient is judged as if nothing had been taught.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { beatClassOf } from '@rhythmd/ecg/ec57/beat-classes.ts';
import { isBeatCode, mnemonicOf } from '@rhythmd/ecg/wfdb/annotation-codes.ts';
import type { BeatEvent, InfoEvent } from '@rhythmd/protocol/events.ts';
import { findRecord } from '@rhythmd/records/folders.ts';
import { readAnnotationFile, readAnnotations } from '@rhythmd/records/read-annotations.ts';
import { launchBrowser, openPage } from '../support/browser.ts';
import { runCommand } from '../support/command.ts';
import { DaemonProcess } from '../support/daemon-process.ts';
import { Subscriber } from '../support/mqtt-subscriber.ts';
import { needsProgram, needsRecord } from '../support/needs.ts';
import { until } from '../support/until.ts';

/** The weights that ship have seen 232: nothing is left to be taught. */
const MODEL = 'models/beatnet2-without-ds2';
const needs = { ...needsProgram('chromium'), ...needsRecord('232', '100') };
const RATE_HZ = 360;
/**
 * Live, a second lead counts as readable from the next block of samples on, and blocks are cut by the clock: what is
 * learnt of it begins some beats sooner or later than in a file, and now and then a beat on the edge falls to the other side.
 */
const ALIKE_FROM = 30 * RATE_HZ;
const ALIKE_SHARE = 0.95;
/** EC57's window. */
const SAME_BEAT = 0.15 * RATE_HZ;

/** What a cardiologist would click. */
function referenceAnswer(reference: ReturnType<typeof readAnnotations>, sample: number): string {
  const near = reference.find(
    ({ sample: at, code }) => isBeatCode(code) && Math.abs(at - sample) <= SAME_BEAT,
  );
  const name = near === undefined ? null : beatClassOf(near.code, 'normal');
  return name === null ? 'no-beat' : name === 'N' || name === 'S' || name === 'V' ? name : 'unsure';
}

/** The codes of a record's first seconds, by sample. */
async function analysed(folder: string, record: string, seconds: number, ...words: string[]) {
  const piece = join(folder, record);
  const cut = ['strip', record, '--out', piece, '--from', '0:00', '--seconds', String(seconds)];
  assert.equal((await runCommand(cut)).status, 0);
  const { status, err } = await runCommand(['analyze', piece, '--out', folder, ...words], {
    RHYTHMD_MODEL_RHYTHM_PATH: '',
    RHYTHMD_MODEL_PATH: MODEL,
  });
  assert.equal(status, 0, err);
  const beats = readAnnotationFile(join(folder, `${record}.rhy`)).filter(({ code }) => isBeatCode(code));
  return new Map(beats.map(({ sample, code }) => [sample, mnemonicOf(code)]));
}

/** What was published is what the file says, but for the last beats, whose next one the piece does not have. */
function alike(
  live: readonly BeatEvent[],
  file: ReadonlyMap<number, string>,
  origin: number,
  atLeast: number,
): void {
  const last = Math.max(...file.keys()) - 4 * RATE_HZ;
  let compared = 0;
  const different: string[] = [];
  for (const { sample, code } of live) {
    const at = sample - origin;
    const expected = file.get(at);
    if (expected === undefined || at > last || at < ALIKE_FROM) continue;
    compared++;
    if (expected !== code) different.push(`${at}: ${code} live, ${expected} in the file`);
  }
  assert.ok(compared >= atLeast, `${compared} compared`);
  assert.ok(
    different.length <= (1 - ALIKE_SHARE) * compared,
    `${compared} compared; ${different.join('; ')}`,
  );
}

test(
  'twelve clicks on record 232 judge its beats as `analyze --teach` does, and nobody else’s',
  needs,
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'rhythmd-teaching-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const path = findRecord('232')!;
    const daemon = await DaemonProcess.start({
      RHYTHMD_SOURCE_URL: `wfdb://${path}?speed=8`,
      RHYTHMD_MODEL_RHYTHM_PATH: '',
      RHYTHMD_MODEL_PATH: MODEL,
    });
    t.after(() => daemon.stop());
    const subscriber = await Subscriber.connectWhenThere(t, daemon.mqttUrl, '#');
    const url = await daemon.pageUrl();
    const browser = await launchBrowser();
    t.after(() => browser.close());
    const { page, complaints } = await openPage(browser, url);
    const beats = () => subscriber.json('ecg/rhythmd-1/beat') as BeatEvent[];
    const info = () => subscriber.json('ecg/rhythmd-1/info').at(-1) as InfoEvent;
    await until(() => (beats().at(-1)?.sample ?? 0) > 60 * RATE_HZ, 'a minute of 232', 60_000);

    await page.getByRole('button', { name: 'Teach', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'What are these beats?' });
    await dialog.locator('.question').nth(11).waitFor();
    const reference = readAnnotations(path, 'atr');
    const lines: string[] = [];
    const ids = (await page.evaluate(
      '[...document.querySelectorAll(".question")].map(({ dataset }) => dataset.beat)',
    )) as string[];
    for (const id of ids) {
      const { sample } = beats().find((beat) => beat.id === id)!;
      const answer = referenceAnswer(reference, sample);
      await dialog.locator(`[data-beat="${id}"] [data-answer="${answer}"]`).click();
      lines.push(`${sample},${answer}`);
    }
    await dialog.getByLabel('Your name').fill('night nurse');
    await dialog.getByRole('button', { name: 'Teach', exact: true }).click();
    await page.getByText(/^Taught with 12 beats by night nurse at \d\d:\d\d$/).waitFor();
    await until(() => info().patient.taught !== null, 'the lesson in info', 30_000);
    const { taught } = info().patient;
    assert.deepEqual(
      [taught?.beats, taught?.by, taught?.in_force, taught?.kept],
      [12, 'night nurse', true, true],
    );
    const kept = join(daemon.stateFolder, 'patient.json');
    assert.equal(statSync(kept).mode & 0o777, 0o600);

    const isTaught = ({ model }: BeatEvent) => model?.endsWith(`+taught-${taught?.id}`) === true;
    await until(() => beats().filter(isTaught).length > 80, '80 taught beats', 60_000);
    const list = join(folder, 'answers.csv');
    writeFileSync(list, `sample,answer\n${lines.join('\n')}\n`);
    const live = beats();
    const seconds = Math.ceil(live.at(-1)!.sample / RATE_HZ) + 1;
    const withLesson = await analysed(folder, '232', seconds, '--teach', list);
    const without = await analysed(folder, '232', seconds);
    alike(live.filter(isTaught), withLesson, 0, 70);
    alike(
      live.filter((beat) => !isTaught(beat)),
      without,
      0,
      25,
    );
    assert.ok(
      [...withLesson].some(([sample, code]) => without.get(sample) !== code),
      'the lesson changes something',
    );

    const audit = readFileSync(join(daemon.stateFolder, 'audit', 'audit.jsonl'), 'utf8');
    assert.match(
      audit,
      /"what":"teach","body":\{"beats":\[\{"id":.*"by":"night nurse"\},"outcome":"ok","via":"page"/,
    );

    const bench = (await page.evaluate('rhythmd.stream.request("bench.play", { record: "100" })')) as {
      origin_sample: number;
    };
    await page.getByText(/^Taught with/).waitFor({ state: 'hidden' });
    assert.equal(info().patient.taught, null);
    const ofOther = () => beats().filter(({ sample }) => sample >= bench.origin_sample);
    await until(() => ofOther().length > 65, 'beats of the next patient', 60_000);
    alike(ofOther(), await analysed(folder, '100', 80), bench.origin_sample, 25);
    assert.ok(!ofOther().some(isTaught));
    assert.ok(!readFileSync(kept, 'utf8').includes('night nurse'));
    assert.deepEqual(complaints, []);
  },
);
