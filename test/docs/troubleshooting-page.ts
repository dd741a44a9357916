/** docs/troubleshooting.md from the error table. */

import { DATA_ERRORS } from '@rhythmd/ecg/error-codes/data.ts';
import { DEVICE_ERRORS } from '@rhythmd/ecg/error-codes/device.ts';
import { TRAINING_ERRORS } from '@rhythmd/ecg/error-codes/training.ts';
import { ERROR_CODES, type ErrorCode } from '@rhythmd/ecg/error-codes.ts';

const PARTS = [
  ['The running daemon', DEVICE_ERRORS],
  ['Models, records, recordings and requests', DATA_ERRORS],
  ['Training and benchmarks', TRAINING_ERRORS],
] as const;

export function troubleshootingPage(): string {
  return [
    '# Troubleshooting by error code',
    '',
    'Every error is one line: a code, what happened, and what to do. The code never changes; the words may.',
    '`rhythmd doctor` looks at port, signal, broker, clock, model and disk, and says the same.',
    'A command ends with status 0 when it is done, 1 when it failed, 2 when it was called or configured wrongly',
    '(marked * below), 130 when it was interrupted.',
    '',
    'This page is made from the table in `ecg/error-codes/` by `npm run docs`.',
    ...PARTS.flatMap(([title, table]) => [
      '',
      `## ${title}`,
      '',
      ...tableOf(Object.keys(table) as ErrorCode[]),
    ]),
    '',
  ].join('\n');
}

function tableOf(codes: readonly ErrorCode[]): string[] {
  const rows = codes.map((code) => {
    const { cause, fix, usage } = ERROR_CODES[code];
    return `| \`${code}\`${usage ? ' *' : ''} | ${cell(cause)} | ${cell(fix)} |`;
  });
  return ['| code | what happened | what to do |', '|---|---|---|', ...rows];
}

const cell = (text: string): string => text.replaceAll('|', '\\|');
