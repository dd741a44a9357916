/**
 * A person teaches record 222 on the page: a dozen beats, one click each. From then on the daemon judges every beat as
 * `analyze --teach` does with the same answers, so that its counts change alike; another patient is judged as if nothing had been
 * taught. From its twelfth minute: before it the network has nothing left to be taught. By the network that has not seen 222.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
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

const needs = { ...needsProgram('chromium'), ...needsRecord('222', '100') };
const RATE_HZ = 360;
const MODEL = 'models/beatnet2-without-ds2';
const FROM_S = 11 * 60;
/** To its end: on a busy machine the clicks take their time. */
const PLAYED_S = 19 * 60;
/** Of record 100, which the bench plays into a stream that is never at its beginning: what is learnt of a patient differs at first. */
const ALIKE_FROM = 30 * RATE_HZ;
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

/** A piece of a record as a record of its own. */
async function cutOut(folder: string, record: string, fromS: number, seconds: number): Promise<string> {
  const piece = join(folder, record);
  const from = `${Math.floor(fromS / 60)}:${String(fromS % 60).padStart(2, '0')}`;
  const cut = ['strip', record, '--out', piece, '--from', from, '--seconds', String(seconds)];
  assert.equal((await runCommand(cut)).status, 0);
  return piece;
}

/** The codes of a piece, by sample. */
async function analysed(folder: string, record: string, fromS: number, seconds: number, ...words: string[]) {
  const piece = await cutOut(folder, record, fromS, seconds);
  const { status, err } = await runCommand(['analyze', piece, '--out', folder, ...words], {
    RHYTHMD_MODEL_RHYTHM_PATH: '',
    RHYTHMD_MODEL_PATH: MODEL,
  });
  assert.equal(status, 0, err);
  const beats = readAnnotationFile(join(folder, `${record}.rhy`)).filter(({ code }) => isBeatCode(code));
  return new Map(beats.map(({ sample, code }) => [sample, mnemonicOf(code)]));
}

/** How many beats of each code. */
function countsOf(codes: Iterable<string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const code of codes) counts[code] = (counts[code] ?? 0) + 1;
  return counts;
}

/**
 * What was published is what the file says, but for the last beats, whose next one the piece does not have.
 * @returns what the file says of the beats that were compared
 */
function alike(
  live: readonly BeatEvent[],
  file: ReadonlyMap<number, string>,
  atLeast: number,
  { origin = 0, from = 0 } = {},
): number[] {
  const last = Math.max(...file.keys()) - 4 * RATE_HZ;
  const compared: number[] = [];
  const different: string[] = [];
  for (const { sample, code } of live) {
    const at = sample - origin;
    const expected = file.get(at);
    if (expected === undefined || at > last || at < from) continue;
    compared.push(at);
    if (expected !== code) different.push(`${at}: ${code} live, ${expected} in the file`);
  }
  assert.ok(compared.length >= atLeast, `${compared.length} compared`);
  assert.deepEqual(different, [], `of ${compared.length}`);
  return compared;
}

test(
  'twelve clicks on record 222 change its counts as `analyze --teach` does, and nobody else’s',
  needs,
  async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'rhythmd-teaching-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const path = findRecord('222')!;
    const played = join(folder, 'played');
    mkdirSync(played);
    const piece = await cutOut(played, '222', FROM_S, PLAYED_S);
    const daemon = await DaemonProcess.start({
      RHYTHMD_SOURCE_URL: `wfdb://${piece}?speed=5`,
      RHYTHMD_MODEL_PATH: MODEL,
      RHYTHMD_MODEL_RHYTHM_PATH: '',
    });
    t.after(() => daemon.stop());
    const subscriber = await Subscriber.connectWhenThere(t, daemon.mqttUrl, '#');
    const url = await daemon.pageUrl();
    const browser = await launchBrowser();
    t.after(() => browser.close());
    const { page, complaints } = await openPage(browser, url);
    const beats = () => subscriber.json('ecg/rhythmd-1/beat') as BeatEvent[];
    const info = () => subscriber.json('ecg/rhythmd-1/info').at(-1) as InfoEvent;
    await until(() => (beats().at(-1)?.sample ?? 0) > 60 * RATE_HZ, 'a minute of 222', 60_000);

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
      const answer = referenceAnswer(reference, sample + FROM_S * RATE_HZ);
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
    await until(() => beats().filter(isTaught).length > 170, '170 taught beats', 90_000);
    const list = join(folder, 'answers.csv');
    writeFileSync(list, `sample,answer\n${lines.join('\n')}\n`);
    const live = beats();
    const seconds = Math.ceil(live.at(-1)!.sample / RATE_HZ) + 1;
    const withLesson = await analysed(folder, '222', FROM_S, seconds, '--teach', list);
    const without = await analysed(folder, '222', FROM_S, seconds);
    const taughtBeats = alike(live.filter(isTaught), withLesson, 150);
    alike(
      live.filter((beat) => !isTaught(beat)),
      without,
      60,
    );
    const codesIn = (file: ReadonlyMap<number, string>) => countsOf(taughtBeats.map((at) => file.get(at)!));
    assert.notDeepEqual(codesIn(withLesson), codesIn(without), 'the lesson changes the counts');

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
    const other = await analysed(folder, '100', 0, 80);
    alike(ofOther(), other, 25, { origin: bench.origin_sample, from: ALIKE_FROM });
    assert.ok(!ofOther().some(isTaught));
    assert.ok(!readFileSync(kept, 'utf8').includes('night nurse'));
    assert.deepEqual(complaints, []);
  },
);
