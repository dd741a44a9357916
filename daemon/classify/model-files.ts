/** A model as it is delivered: a folder with model.onnx and card.json, or the two in one .zip. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { isRegularFile } from '@rhythmd/shell/regular-file.ts';
import { type ModelCard, parseModelCard } from './model-card.ts';

/** A card of a few megabytes or a model of a gigabyte is no model for this device; ResNet101 as floats has 170 MB. */
const MAX_CARD_BYTES = 1 << 20;
const MAX_MODEL_BYTES = 256 << 20;
const MAX_ARCHIVE_BYTES = MAX_MODEL_BYTES + MAX_CARD_BYTES + (1 << 20);
/** An archive of ours has two; someone may add a licence and notes. */
const MAX_MEMBERS = 32;

export interface ModelFiles<Card = ModelCard> {
  readonly path: string;
  readonly card: Card;
  readonly onnx: Uint8Array;
}

/** What the verification needs of any card. */
interface HashedCard {
  readonly sha256: string;
}

export function readModelFiles(path: string): Promise<ModelFiles>;
export function readModelFiles<Card extends HashedCard>(
  path: string,
  parseCard: (text: string, origin: string) => Card,
): Promise<ModelFiles<Card>>;
/**
 * Reads and verifies a model; the card is a beat network's unless `parseCard` reads another.
 * @throws E_MODEL_MISSING nothing there; E_MODEL_ARCHIVE a damaged .zip; E_MODEL_CARD a bad card;
 *   E_MODEL_HASH model.onnx is not the file the card describes
 */
export async function readModelFiles(
  path: string,
  parseCard: (text: string, origin: string) => HashedCard = parseModelCard,
): Promise<ModelFiles<HashedCard>> {
  if (!existsSync(path)) {
    throw new RhythmdError(
      'E_MODEL_MISSING',
      `no model at ${path}`,
      'Set model.path, or `model.path = ""` for none.',
    );
  }
  const read = statSync(path).isDirectory() ? fromFolder(path) : await fromArchive(path);
  const card = parseCard(new TextDecoder().decode(read('card.json', MAX_CARD_BYTES)), path);
  const onnx = read('model.onnx', MAX_MODEL_BYTES);
  const sha256 = createHash('sha256').update(onnx).digest('hex');
  if (sha256 !== card.sha256) {
    throw new RhythmdError(
      'E_MODEL_HASH',
      `${path}: model.onnx has sha256 ${sha256.slice(0, 12)}..., its card says ${card.sha256.slice(0, 12)}...`,
      'The file is damaged or not the one the card describes: copy both again.',
    );
  }
  return { path, card, onnx };
}

type ReadMember = (name: string, maxBytes: number) => Uint8Array;

function fromFolder(path: string): ReadMember {
  return (name, maxBytes) => {
    const file = join(path, name);
    if (!isRegularFile(file)) return missingMember(path, name);
    if (statSync(file).size > maxBytes) return tooLarge(path, name, maxBytes);
    return readFileSync(file);
  };
}

async function fromArchive(path: string): Promise<ReadMember> {
  const { unzipSync } = await import('fflate');
  const wanted = new Map<string, number>([
    ['card.json', MAX_CARD_BYTES],
    ['model.onnx', MAX_MODEL_BYTES],
  ]);
  const members = new Map<string, Uint8Array>();
  let seen = 0;
  try {
    if (!isRegularFile(path)) throw new Error('it is no regular file');
    if (statSync(path).size > MAX_ARCHIVE_BYTES) tooLarge(path, 'the archive', MAX_ARCHIVE_BYTES);
    const unpacked = unzipSync(readFileSync(path), {
      filter: ({ name, originalSize }) => {
        if (++seen > MAX_MEMBERS) throw new Error(`it has more than ${MAX_MEMBERS} members`);
        const base = name.split('/').at(-1) ?? '';
        const maxBytes = wanted.get(base);
        if (maxBytes === undefined) return false;
        // What is looked at is the announcement, before anything is unpacked: a few kilobytes can become gigabytes.
        if (originalSize > maxBytes) return tooLarge(path, base, maxBytes);
        if (!wanted.delete(base)) return false;
        return true;
      },
    });
    for (const [name, content] of Object.entries(unpacked)) members.set(name.split('/').at(-1)!, content);
  } catch (cause) {
    if (cause instanceof RhythmdError) throw cause;
    throw new RhythmdError('E_MODEL_ARCHIVE', `${path} is not a readable .zip`, 'Copy the archive again.', {
      cause,
    });
  }
  return (name) => members.get(name) ?? missingMember(path, name);
}

function missingMember(path: string, name: string): never {
  throw new RhythmdError(
    'E_MODEL_MISSING',
    `${path} holds no ${name}`,
    'A model is model.onnx with its card.json.',
  );
}

function tooLarge(path: string, name: string, maxBytes: number): never {
  throw new RhythmdError(
    'E_MODEL_CARD',
    `${path}: ${name} is larger than ${maxBytes} bytes`,
    'Is this a model?',
  );
}
