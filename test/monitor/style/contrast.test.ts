/** Text and marks can be read on their grounds: WCAG 2.2, 1.4.3 (4.5:1), in both themes. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { CLASS_KEYS, CLASS_LOOKS } from '@rhythmd/monitor/style/class-looks.ts';
import { repositoryRoot } from '../../support/needs.ts';

const css = readFileSync(join(repositoryRoot, 'monitor/style/colours.css'), 'utf8');
const TEXT = ['text', 'text-muted', 'accent', 'good', 'unsure', 'bad', 'ink'];
const GROUNDS = ['desk', 'panel', 'paper'];

/** The custom properties of one theme; dark is written twice (chosen, and the system's). */
function theme(selector: string): Map<string, string> {
  const start = css.indexOf(`${selector} {`);
  assert.ok(start >= 0, selector);
  const block = css.slice(start, css.indexOf('}', start));
  return new Map([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((match) => [match[1]!, match[2]!]));
}

const light = theme(':root');
const themes = {
  light,
  dark: theme(':root[data-theme="dark"]'),
  system: theme(':root:not([data-theme="light"])'),
};

function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high! + 0.05) / (low! + 0.05);
}

for (const [name, colours] of Object.entries(themes)) {
  test(`${name}: words are readable on desk, panel and paper`, () => {
    for (const text of TEXT) {
      for (const ground of GROUNDS) {
        const ratio = contrast(colours.get(text)!, colours.get(ground)!);
        assert.ok(ratio >= 4.5, `${text} on ${ground}: ${ratio.toFixed(2)}`);
      }
    }
    for (const priority of ['high', 'medium', 'low']) {
      const ratio = contrast(colours.get(priority)!, colours.get(`${priority}-ground`)!);
      assert.ok(ratio >= 4.5, `${priority}: ${ratio.toFixed(2)}`);
    }
  });
}

test('classes are readable on paper and panel, and the style sheet has the same colours', () => {
  for (const key of CLASS_KEYS) {
    const property = `class-${key === '/' ? 'paced' : key}`;
    for (const [name, colours] of [
      ['light', themes.light],
      ['dark', themes.dark],
    ] as const) {
      const colour = CLASS_LOOKS[key][name];
      assert.equal(colours.get(property), colour, `${name} ${property}`);
      for (const ground of ['paper', 'panel']) {
        const ratio = contrast(colour, colours.get(ground)!);
        assert.ok(ratio >= 4.5, `${key} on ${ground}, ${name}: ${ratio.toFixed(2)}`);
      }
    }
  }
  const looks = CLASS_KEYS.map((key) => CLASS_LOOKS[key]);
  assert.equal(new Set(looks.map(({ letter }) => letter)).size, looks.length, 'letters differ');
  assert.equal(new Set(looks.map(({ shape }) => shape)).size, looks.length, 'shapes differ');
});

test('both ways to dark are the same dark', () => {
  assert.deepEqual([...themes.system], [...themes.dark]);
});
