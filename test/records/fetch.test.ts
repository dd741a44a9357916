import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { DATABASES } from '@rhythmd/records/databases.ts';
import { fetchDatabase, parseChecksums } from '@rhythmd/records/fetch-database.ts';
import { recordsProgram } from '@rhythmd/records/records.ts';
import { dispatch } from '@rhythmd/shell/program.ts';

const root = mkdtempSync(join(tmpdir(), 'rhythmd-fetch-'));
after(() => rmSync(root, { recursive: true }));

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const FILES: Readonly<Record<string, string>> = {
  'a.dat': 'A'.repeat(100_000),
  'b.hea': 'b',
  RECORDS: 'a\n',
};
const checksumText = (files = FILES) =>
  Object.entries(files)
    .map(([name, text]) => `${sha256(text)} ${name}\n`)
    .join('');

let count = 0;
interface Served {
  readonly folder: string;
  readonly database: Parameters<typeof fetchDatabase>[0];
  readonly asked: string[];
}

/** Serves FILES, unless `override` answers; gives the folder to fetch into. */
async function served<Result>(
  override: (name: string, ...rest: Parameters<RequestListener>) => boolean,
  use: (server: Served) => Promise<Result>,
): Promise<Result> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const name = request.url?.split('/').pop() ?? '';
    asked.push(name);
    if (override(name, request, response)) return;
    const text = name === 'SHA256SUMS.txt' ? checksumText() : FILES[name];
    if (text === undefined) response.writeHead(404).end('not here');
    else response.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  try {
    const database = { name: 'test', title: '', license: '', url, files: Object.keys(FILES) };
    return await use({ folder: join(root, String(count++)), database, asked });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const quick = { signal: new AbortController().signal, retryAfterMs: 1, stallMs: 300 };
const filesIn = (folder: string) => readdirSync(folder).sort();

test('a wrong checksum: refused by name, and nothing is left as good', async () => {
  await served(
    (name, _, response) => name === 'a.dat' && Boolean(response.end('something else')),
    async ({ database, folder }) => {
      await assert.rejects(fetchDatabase(database, folder, quick), {
        code: 'E_FETCH_CHECKSUM',
        message: /a\.dat has checksum/,
      });
      assert.ok(!filesIn(folder).some((name) => name.startsWith('a.dat') || name === 'SHA256SUMS'));
    },
  );
});

test('a download that breaks off is tried again, then refused; no part stays', async () => {
  await served(
    (name, _, response) => {
      if (name !== 'a.dat') return false;
      response.writeHead(200, { 'content-length': '100000' });
      response.write('A'.repeat(500), () => response.destroy());
      return true;
    },
    async ({ database, folder, asked }) => {
      await assert.rejects(fetchDatabase(database, folder, quick), {
        code: 'E_FETCH_NETWORK',
        message: /a\.dat/,
      });
      assert.equal(asked.filter((name) => name === 'a.dat').length, 3);
      assert.ok(!filesIn(folder).some((name) => name.startsWith('a.dat')));
    },
  );
});

test('one that breaks off once succeeds the second time', async () => {
  let broken = 0;
  await served(
    (name, _, response) => {
      if (name !== 'a.dat' || broken++ > 0) return false;
      response.writeHead(200, { 'content-length': '100000' });
      response.write('A'.repeat(500), () => response.destroy());
      return true;
    },
    async ({ database, folder }) => {
      assert.deepEqual(await fetchDatabase(database, folder, quick), { fetched: 3, kept: 0 });
      assert.equal(readFileSync(join(folder, 'a.dat'), 'utf8'), FILES['a.dat']);
    },
  );
});

test('a server that falls silent does not hold us for ever', async () => {
  await served(
    (name, _, response) => name === 'b.hea' && Boolean(response.writeHead(200).write('b')),
    async ({ database, folder }) => {
      await assert.rejects(fetchDatabase(database, folder, quick), {
        code: 'E_FETCH_NETWORK',
        message: /nothing came for 0\.3 s/,
      });
    },
  );
});

test('404, of a file and of the checksums, names the address', async () => {
  for (const missing of ['b.hea', 'SHA256SUMS.txt']) {
    await served(
      (name, _, response) => name === missing && Boolean(response.writeHead(404).end()),
      async ({ database, folder }) => {
        await assert.rejects(fetchDatabase(database, folder, quick), {
          code: 'E_FETCH_STATUS',
          message: new RegExp(`${missing} answered 404`),
        });
      },
    );
  }
});

test('a file without a published checksum is not fetched at all', async () => {
  await served(
    (name, _, response) => name === 'SHA256SUMS.txt' && Boolean(response.end(checksumText({ 'a.dat': 'A' }))),
    async ({ database, folder, asked }) => {
      await assert.rejects(fetchDatabase(database, folder, quick), {
        code: 'E_FETCH_CHECKSUM',
        message: /b\.hea/,
      });
      assert.deepEqual(asked, ['SHA256SUMS.txt']);
    },
  );
});

test('interrupted: it ends at once and leaves no part', async () => {
  const interruption = new AbortController();
  await served(
    (name, _, response) => {
      if (name !== 'a.dat') return false;
      response.writeHead(200, { 'content-length': '100000' });
      response.write('A'.repeat(500), () => interruption.abort());
      return true;
    },
    async ({ database, folder }) => {
      await assert.rejects(fetchDatabase(database, folder, { ...quick, signal: interruption.signal }));
      assert.ok(!filesIn(folder).some((name) => name.startsWith('a.dat')));
    },
  );
});

test('what is whole is kept, what is damaged is fetched again', async () => {
  await served(
    () => false,
    async ({ database, folder, asked }) => {
      await fetchDatabase(database, folder, quick);
      writeFileSync(join(folder, 'b.hea'), 'damaged');
      asked.length = 0;
      assert.deepEqual(await fetchDatabase(database, folder, quick), { fetched: 1, kept: 2 });
      assert.deepEqual(asked, ['SHA256SUMS.txt', 'b.hea']);
      assert.deepEqual(filesIn(folder), ['RECORDS', 'SHA256SUMS', 'a.dat', 'b.hea']);
      assert.deepEqual(
        parseChecksums(readFileSync(join(folder, 'SHA256SUMS'), 'utf8')),
        parseChecksums(checksumText()),
      );
    },
  );
});

test('the command: progress, result, one line when it fails', async () => {
  const out: string[] = [];
  const err: string[] = [];
  const io = {
    signal: quick.signal,
    environment: {},
    out: (line: string) => out.push(line),
    err: (line: string) => err.push(line),
  };
  const runRecords = (words: string[]) => dispatch(recordsProgram(quick), words, io);
  await served(
    () => false,
    async ({ database, folder }) => {
      const url = database.url;
      assert.equal(await runRecords(['fetch', 'nstdb', '--from', url, '--to', folder]), 1);
      assert.match(err.at(-1) ?? '', /^E_FETCH_CHECKSUM: .*no checksum for bw\.hea/);
    },
  );
  for (const args of [[], ['bake'], ['fetch', 'nodb'], ['fetch', '--no'], ['where']]) {
    assert.equal(await runRecords(args), 2, args.join(' '));
    assert.match(err.at(-1) ?? '', /^E_USAGE: .*Usage: npm run records/);
  }
  assert.equal(await runRecords(['where', 'no-such-record']), 1);
  assert.match(err.at(-1) ?? '', /^E_RECORD_NOT_FOUND/);
  assert.equal(await runRecords(['list']), 0);
  assert.equal(await runRecords(['fetch', '--help']), 0);
  assert.ok(out.length > 0);
});

test('both databases are described: 145 files and 6', () => {
  assert.deepEqual(
    DATABASES.map(({ files }) => files.length),
    [145, 6],
  );
});
