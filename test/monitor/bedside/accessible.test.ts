/** Every view and dialog, in either browser, in both themes, on a phone and on a large screen: axe-core finds nothing serious. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seriousFindings } from '../../support/axe.ts';
import { Bedside } from '../../support/bedside.ts';
import { needsProgram } from '../../support/needs.ts';
import { playPulses } from '../../support/pulses.ts';
import { alertEvent, timeOf } from '../../support/stage.ts';
import { BROWSERS, found, Person, type Tab } from '../../support/tab.ts';

const SCREENS = [
  { name: 'phone', width: 375, height: 740 },
  { name: 'large screen', width: 2560, height: 1440 },
] as const;
/** A view, and what has come when all of it has. */
const VIEWS = [
  ['live', '.alert-list li'],
  ['review', '.class-counts li'],
  ['device', '.facts dd'],
  ['bench', '.faults button'],
] as const;
const DIALOGS = [
  'This screen',
  'Keys and letters',
  'New patient',
  'Alarm limits',
  'Export',
  'Report',
] as const;

const bedside = new Bedside(
  {},
  {
    vitals: { beats_per_min: { N: 45, V: 15 } },
    say: (stage) => {
      playPulses(stage).stop();
      const at = timeOf(8 * 360);
      stage.sink.alert(alertEvent({ id: 'run', priority: 'high', start_t_ms: at, t_ms: at }));
      stage.sink.alert(alertEvent({ id: 'pair', priority: 'low', start_t_ms: at, t_ms: at }));
      stage.sink.alert(alertEvent({ id: 'old', phase: 'end', start_t_ms: at, t_ms: at + 5000 }));
    },
  },
);

for (const { program, open } of BROWSERS) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`nothing serious in ${program}, ${colorScheme}`, needsProgram(program), async (t) => {
      const tab = await open(bedside.url, { colorScheme });
      t.after(() => tab.close());
      const person = new Person(tab);
      const findings: string[] = [];
      const look = async (where: string, part = 'html') => {
        for (const finding of await seriousFindings(tab, part)) findings.push(`${where}: ${finding}`);
      };
      assert.equal(
        await tab.evaluate(`matchMedia('(prefers-color-scheme: dark)').matches`),
        colorScheme === 'dark',
      );
      for (const { name, width, height } of SCREENS) {
        await tab.resize(width, height);
        for (const [view, shown] of VIEWS) {
          await tab.goto(`${bedside.url}#${view}`);
          await person.finds(shown);
          await look(`${view} on a ${name}`);
        }
        // A dialog is the same on a large screen, only larger.
        if (name === 'phone') await lookAtDialogs(tab, person, look);
      }
      await tab.goto(`${bedside.url}sign-in`);
      await look('sign in');
      assert.deepEqual(findings, []);
    });
  }
}

async function lookAtDialogs(
  tab: Tab,
  person: Person,
  look: (where: string, part: string) => Promise<void>,
): Promise<void> {
  await tab.goto(`${bedside.url}#live`);
  const openDialogs = 'document.querySelectorAll("dialog[open]").length';
  const lookAt = async (where: string, dialog: string) => {
    await person.sees(`${found(dialog)}.open`);
    await look(where, dialog);
    await tab.press('Escape');
    await person.sees(`${openDialogs} === 0`);
  };
  await person.presses('Leads');
  await lookAt('Leads', 'dialog[aria-label="Leads"]');
  for (const name of DIALOGS) {
    const dialog = `dialog[aria-label="${name}"]`;
    await tab.evaluate(`${found(dialog)}.showModal()`);
    await lookAt(name, dialog);
  }
  await tab.evaluate(`${found('.patient button')}.click()`);
  await lookAt('Teach', 'dialog.teach');
}
