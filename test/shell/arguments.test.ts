import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readArguments } from '@rhythmd/shell/arguments.ts';
import { type Command, helpOf, usageOf } from '@rhythmd/shell/command.ts';

const COMMAND = {
  summary: 'cuts a piece out',
  operands: { name: 'RECORD', least: 1, most: 2 },
  options: {
    out: { kind: 'text', value: 'FILE', required: true },
    seconds: { kind: 'number', value: 'N', min: 1, max: 600, whole: true, default: 10, help: 'how long' },
    from: { kind: 'number', value: 'S', min: 0, max: Number.POSITIVE_INFINITY },
    format: { kind: 'choice', of: ['csv', 'edf'], default: 'csv', formerly: { edfplus: 'edf' } },
    predictions: { kind: 'text', value: 'DIR', former: 'answers' },
    json: { kind: 'flag' },
    attended: { kind: 'flag', hidden: true },
  },
} as const satisfies Command;

const read = (...args: string[]) => readArguments(args, COMMAND, (line) => notices.push(line));
const notices: string[] = [];

test('usage and help come from the table', () => {
  const usage =
    'cut RECORD... --out FILE [--seconds 10] [--from S] [--format csv] [--predictions DIR] [--json]';
  assert.equal(usageOf('cut', COMMAND), usage);
  assert.equal(helpOf('prog', 'cut', COMMAND), `prog ${usage}\ncuts a piece out\n  --seconds N  how long`);
  const both = helpOf('prog', 'cut', { ...COMMAND, variants: { '--all': { summary: 'all', options: {} } } });
  assert.match(both, /\nprog cut --all\nall$/);
});

test('what is given, and defaults for the rest', () => {
  const { values, operands } = read('100', '--out', 'x', '--json', '--seconds', '7');
  assert.deepEqual(operands, ['100']);
  const expected = { out: 'x', seconds: 7, from: undefined, format: 'csv', predictions: undefined };
  assert.deepEqual(values, { ...expected, json: true, attended: false });
});

for (const [args, reason] of [
  [['--out', 'x'], /^RECORD is missing$/],
  [['1', '2', '3', '--out', 'x'], /^at most 2, not 1 2 3$/],
  [['1'], /^--out FILE is missing$/],
  [['1', '--out', 'x', '--second', '7'], /^no option --second, did you mean --seconds\?$/],
  [['1', '--out', 'x', '-q'], /^no option -q$/],
  [['1', '--out'], /--out.*argument missing/],
  [['1', '--out', 'x', '--seconds', '0'], /^--seconds is a whole number from 1 to 600, not "0"$/],
  [['1', '--out', 'x', '--seconds', '1.5'], /whole number/],
  [['1', '--out', 'x', '--seconds', ''], /not ""$/],
  [['1', '--out', 'x', '--from', 'NaN'], /^--from is a number of at least 0, not "NaN"$/],
  [['1', '--out', 'x', '--format', 'pdf'], /^--format is one of csv, edf, not pdf$/],
] as const) {
  test(`${args.join(' ')} is refused`, () => {
    assert.throws(() => read(...args), { code: 'E_USAGE', message: reason });
  });
}

test('what takes no operands says so', () => {
  assert.throws(() => readArguments(['x'], { summary: '', options: {} }), { message: /known of x/ });
});

test('old words are understood, with a notice', () => {
  notices.length = 0;
  const { values } = read('1', '--out', 'x', '--answers', 'there', '--format', 'edfplus');
  assert.equal(values.predictions, 'there');
  assert.equal(values.format, 'edf');
  assert.match(
    notices.join('\n'),
    /--answers is called --predictions now.*\n--format edfplus is called edf now/,
  );
  assert.equal(read('1', '--out', 'x', '--answers', 'old', '--predictions', 'new').values.predictions, 'new');
});
