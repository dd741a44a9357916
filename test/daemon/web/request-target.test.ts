import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseTarget } from '@rhythmd/daemon/web/request-target.ts';
import fc from 'fast-check';

test('what is no path of ours is null, never an error', () => {
  for (const target of [undefined, '', '*', 'host:443', 'ftp://x/', 'http://', 'http://[/', 'a b', 'x/y']) {
    assert.equal(parseTarget(target), null, String(target));
  }
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      for (const target of [text, `/${text}`, `//${text}`, `http://${text}`]) {
        const parsed = parseTarget(target, '/rhythmd');
        assert.ok(parsed === null || parsed.path.startsWith('/'));
      }
    }),
  );
});

test('paths are normalised; two slashes are a path, not another host', () => {
  assert.equal(parseTarget('//')?.path, '//');
  assert.equal(parseTarget('//evil.example/stream')?.path, '//evil.example/stream');
  assert.equal(parseTarget('/a/../../stream?x=1')?.path, '/stream');
  assert.equal(parseTarget('/?x=1')?.query.get('x'), '1');
  assert.equal(parseTarget('http://any.name/stream')?.path, '/stream', 'as a proxy asks');
});

test('a path that a proxy puts before ours is taken off, as a whole only', () => {
  assert.equal(parseTarget('/rhythmd/', '/rhythmd')?.path, '/');
  assert.equal(parseTarget('/rhythmd/api/state', '/rhythmd')?.path, '/api/state');
  assert.equal(parseTarget('/api/state', '/rhythmd')?.path, '/api/state');
  assert.equal(parseTarget('/rhythmdx/', '/rhythmd')?.path, '/rhythmdx/');
});
