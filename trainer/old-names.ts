/**
 * Names of version 0.1 that lie in checkpoints, result files and people's scripts: they are read as today's. Nothing
 * writes them any more.
 */

/** Method of compression -> what it is called today. */
export const FORMER_METHODS: Readonly<Record<string, string>> = { narrowed: 'channel-pruned' };
/** Key of a recipe -> what it is called today. */
const RECIPE_KEYS: Readonly<Record<string, string>> = {
  normalHands: 'majorityShards',
  laterArcs: 'laterCycles',
};
const METHOD_KEYS: readonly string[] = ['method', 'from'];

/** A method's name of today; a word that is none of the old ones is returned as it is. */
export function todaysMethod(word: string): string {
  return FORMER_METHODS[word] ?? word;
}

/** What a method was called, where that was otherwise: files of it may still lie under that name. */
export function formerMethod(method: string): string | null {
  return Object.keys(FORMER_METHODS).find((old) => FORMER_METHODS[old] === method) ?? null;
}

/** A recipe or result row as JSON holds it, in today's names: keys keep their order. */
export function inTodaysNames<T>(value: T): T {
  if (Array.isArray(value)) return value.map(inTodaysNames) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, held]) => [
    RECIPE_KEYS[key] ?? key,
    METHOD_KEYS.includes(key) && typeof held === 'string' ? todaysMethod(held) : inTodaysNames(held),
  ]);
  return Object.fromEntries(entries) as T;
}
