import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLogging, type LogSettings } from '@rhythmd/daemon/log/logger.ts';

function record(settings: LogSettings) {
  const lines: string[] = [];
  return {
    lines,
    logging: createLogging(
      settings,
      (line) => lines.push(line),
      () => 1000,
    ),
  };
}

test('a part has its own level, and a silent line costs no message', () => {
  const { lines, logging } = record({ level: 'warn,mqtt=debug,web=silent', format: 'text' });
  let asked = 0;
  logging('source').info(() => `asked ${++asked}`);
  logging('source').warn('port gone');
  logging('mqtt').debug(() => `asked ${++asked}`);
  logging('web').error('unseen');
  assert.equal(asked, 1);
  assert.deepEqual(lines, ['00:00:01.000 warn  source: port gone', '00:00:01.000 debug mqtt: asked 1']);
});

test('JSON lines hold the fields; text quotes what could forge a line', () => {
  const json = record({ level: 'info', format: 'json' });
  json.logging('web').info('open', { port: 8360 });
  assert.deepEqual(JSON.parse(json.lines[0] ?? ''), {
    t_ms: 1000,
    level: 'info',
    part: 'web',
    message: 'open',
    port: 8360,
  });
  const text = record({ level: 'info', format: 'text' });
  text.logging('web').info('open', { port: 8360, path: '/a/b', agent: 'x\ny' });
  assert.equal(text.lines[0], '00:00:01.000 info  web: open port=8360 path=/a/b agent="x\\ny"');
});

test('a message from outside forges no line and steers no terminal', () => {
  const { lines, logging } = record({ level: 'info', format: 'text' });
  logging('source').info('lead \u001b[2J\n00:00:01.000 error mqtt: forged\r\u202e\u0000 Ω');
  assert.deepEqual(lines, [
    '00:00:01.000 info  source: lead \\u001b[2J\n    00:00:01.000 error mqtt: forged\\u000d\\u202e\\u0000 Ω',
  ]);
  logging('web').error(new Error('x').stack ?? '');
  assert.doesNotMatch(lines[1]!, /\n {5,}/, 'a stack is indented as it is');
});
