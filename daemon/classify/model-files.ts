/** A model as it is delivered: a folder with model.onnx and card.json, or the two in one .zip. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { type ModelCard, parseModelCard } from './model-card.ts';

/** A card of a few hundred kilobytes or a model of a gigabyte is no model for this device. */
const MAX_CARD_BYTES = 1 << 20;
const MAX_MODEL_BYTES = 512 << 20;

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
    if (!existsSync(file)) return missingMember(path, name);
    if (statSync(file).size > maxBytes) return tooLarge(path, name, maxBytes);
    return readFileSync(file);
  };
}

async function fromArchive(path: string): Promise<ReadMember> {
  const { unzipSync } = await import('fflate');
  let members: Record<string, Uint8Array>;
  try {
    members = unzipSync(readFileSync(path), {
      filter: ({ name, originalSize }) =>
        /(^|\/)(model\.onnx|card\.json)$/.test(name) && originalSize <= MAX_MODEL_BYTES,
    });
  } catch (cause) {
    throw new RhythmdError('E_MODEL_ARCHIVE', `${path} is not a readable .zip`, 'Copy the archive again.', {
      cause,
    });
  }
  return (name, maxBytes) => {
    const found = Object.entries(members).find(([member]) => member === name || member.endsWith(`/${name}`));
    if (found === undefined) return missingMember(path, name);
    return found[1].length > maxBytes ? tooLarge(path, name, maxBytes) : found[1];
  };
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
