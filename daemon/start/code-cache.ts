/**
 * What V8 compiled of the program, kept for the next start: reading and compiling source text is a third of a start.
 *
 * V8 takes bytecode at its word. So a piece is used only where everything that made it is the same: its source text, the
 * engine, its flags and the features of the processor (`cachedDataVersionTag`), all under one hash together with the bytes
 * themselves; and where nobody else could have written the file. What differs in anything is not used and made anew.
 *
 * | bytes | |
 * |---|---|
 * | 8 | `rhycode1` |
 * | 4 | length of the list, little-endian |
 * | list | JSON: `[name, hash, length]` for each piece |
 * | rest | the pieces, one after the other |
 */
import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { cachedDataVersionTag } from 'node:v8';
import { FILE_MODE } from '@rhythmd/shell/permissions.ts';
import { removeLeftovers, writeWholeFileSync } from '@rhythmd/shell/whole-file.ts';

const MARK = 'rhycode1';
const HEADER_BYTES = MARK.length + 4;
/** The whole program's is under 3 MB. */
const MAX_BYTES = 16e6;
/** The whole program's is 9 KB. What a damaged list names is not looked for: each name is a part's. */
const MAX_LIST_BYTES = 1 << 16;
const PART_NAME = /^\w[\w.-]*\.cjs$/;
/** Of the permission bits: writing by others than the owner. */
const WRITTEN_BY_OTHERS = 0o022;

interface Piece {
  readonly hash: string;
  readonly code: Buffer;
}

export class CodeCache {
  readonly #pieces: ReadonlyMap<string, Piece>;

  private constructor(pieces: ReadonlyMap<string, Piece>) {
    this.#pieces = pieces;
  }

  static readonly EMPTY = new CodeCache(new Map());

  /** Never throws: a file that is missing, damaged or not ours is none. */
  static read(path: string): CodeCache {
    try {
      return new CodeCache(piecesOf(ownBytes(path)));
    } catch {
      return CodeCache.EMPTY;
    }
  }

  get names(): readonly string[] {
    return [...this.#pieces.keys()];
  }

  /** @returns what was compiled of this very text by this very engine, or nothing */
  get(name: string, source: string): Buffer | undefined {
    const piece = this.#pieces.get(name);
    return piece !== undefined && piece.hash === hashOf(source, piece.code) ? piece.code : undefined;
  }

  /** @throws what the file system throws; the file is then as it was */
  static write(
    path: string,
    compiled: readonly (readonly [name: string, source: string, code: Buffer])[],
  ): void {
    const list = JSON.stringify(
      compiled.map(([name, source, code]) => [name, hashOf(source, code), code.length]),
    );
    const header = Buffer.alloc(HEADER_BYTES);
    header.write(MARK, 'latin1');
    header.writeUInt32LE(list.length, MARK.length);
    removeLeftovers(path);
    // A file that a power cut left half written is refused: waiting for the card would hold up the signal.
    writeWholeFileSync(path, [header, list, ...compiled.map(([, , code]) => code)], {
      mode: FILE_MODE,
      sync: false,
    });
  }
}

/** @throws when it is no file of this user that nobody else may write */
function ownBytes(path: string): Buffer {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { mode, uid, size } = fstatSync(file);
    const isFile = (mode & constants.S_IFMT) === constants.S_IFREG;
    const isOurs = uid === process.getuid?.() && (mode & WRITTEN_BY_OTHERS) === 0;
    if (!isFile || !isOurs || size > MAX_BYTES) throw new Error('not ours');
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

/** @throws when it is no such file */
function piecesOf(bytes: Buffer): Map<string, Piece> {
  if (bytes.toString('latin1', 0, MARK.length) !== MARK) throw new Error('another file');
  const listBytes = bytes.readUInt32LE(MARK.length);
  if (listBytes > MAX_LIST_BYTES) throw new Error('no list of ours');
  const end = HEADER_BYTES + listBytes;
  const list: [string, string, number][] = JSON.parse(bytes.toString('latin1', HEADER_BYTES, end));
  const pieces = new Map<string, Piece>();
  let at = end;
  for (const [name, hash, length] of list) {
    if (!PART_NAME.test(name)) throw new Error('no part of ours');
    pieces.set(name, { hash, code: bytes.subarray(at, at + length) });
    at += length;
  }
  return pieces;
}

function hashOf(source: string, code: Buffer): string {
  const engine = `${process.version} ${process.arch} ${cachedDataVersionTag()} ${source.length}\n`;
  return createHash('sha256').update(engine).update(source, 'latin1').update(code).digest('base64');
}
