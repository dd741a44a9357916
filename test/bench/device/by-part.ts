/**
 * Which part of Node executed what was counted: blocks of instructions (counter.c, `blocks=`) by the symbols of its program. What
 * lies outside of it was compiled while it ran (JavaScript, WebAssembly), or is the C library.
 */
import { execFileSync } from 'node:child_process';

/** The first that fits a symbol is its part. V8's names overlap: the compilers before the parser, the parser before the collector. */
const PARTS: readonly (readonly [name: string, symbols: RegExp])[] = [
  ['JavaScript: interpreted', /^Builtins_.*Handler/],
  ['JavaScript: built-in functions, property look-ups', /^Builtins_/],
  [
    'V8: optimizing compiler',
    /v8::internal::(compiler|maglev)|OptimizedCompilation|TurboAssembler|JSHeapBroker|FeedbackNexus/,
  ],
  ['V8: baseline compiler', /v8::internal::baseline|Baseline/],
  ['V8: WebAssembly compiler', /v8::internal::wasm|Liftoff/],
  [
    'V8: reading source text',
    /Parser|Scanner|Ast[A-Z]|BytecodeGenerator|BytecodeArray|v8::internal::(interpreter|Scope|DeclarationScope|Variable|PreparseData|Utf|Compiler|Unoptimized|Zone)/,
  ],
  [
    'V8: garbage collector',
    /Scaveng|MarkCompact|Marking|Sweep|Heap::|Evacuat|Compaction|RememberedSet|PagedSpace|NewSpace|Concurrent|MemoryAllocator|BodyDescriptor|SlotSet|MemoryChunk|LocalHeap|FreeList|WeakObjects|YoungGeneration|GlobalHandles/,
  ],
  ['V8: everything else', /v8::/],
];
const COMPILED = 'JavaScript and WebAssembly as compiled, C library';
const OTHER = 'Node: everything else';

export interface Part {
  readonly name: string;
  /** The thread that runs the program; else those of V8 and of file access. */
  readonly isMain: boolean;
  readonly instructions: number;
}

export interface Symbols {
  /** Ascending. */
  readonly addresses: readonly number[];
  readonly parts: readonly string[];
  readonly end: number;
}

/** @param program not stripped, at the address it was linked for. @throws what `nm` fails with */
export function symbolsOf(program: string): Symbols {
  const said = execFileSync('nm', ['-C', '--numeric-sort', '--defined-only', program], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const addresses: number[] = [];
  const parts: string[] = [];
  for (const line of said.split('\n')) {
    // "0000000000bad1d4 T name(of, it)"; $x and $d mark code and data for a disassembler.
    const [, address, name] = /^([0-9a-f]+) [tTwWvV] ([^$].*)$/.exec(line) ?? [];
    if (address === undefined || name === undefined) continue;
    addresses.push(Number.parseInt(address, 16));
    parts.push(PARTS.find(([, symbols]) => symbols.test(name))?.[0] ?? OTHER);
  }
  return { addresses, parts, end: addresses.at(-1) ?? 0 };
}

/**
 * @param text as counter.c writes it: `mark`, `main`, lines, `others`, lines
 * @returns parts of each interval between marks, the largest first; the last one may have been cut short and is left out
 */
export function partsBetweenMarks(text: string, symbols: Symbols): Part[][] {
  const intervals = text.split('mark\n').slice(1, -1);
  return intervals.map((interval) => {
    const sums = new Map<string, number>();
    let thread = '';
    for (const line of interval.split('\n')) {
      const [address, count] = line.split(' ');
      if (count === undefined) {
        if (line !== '') thread = line;
        continue;
      }
      const key = `${thread} ${partAt(Number.parseInt(address!, 16), symbols)}`;
      sums.set(key, (sums.get(key) ?? 0) + Number(count));
    }
    const parts = [...sums].map(([key, instructions]) => ({
      name: key.slice(key.indexOf(' ') + 1),
      isMain: key.startsWith('main '),
      instructions,
    }));
    return parts.sort((a, b) => b.instructions - a.instructions);
  });
}

function partAt(address: number, { addresses, parts, end }: Symbols): string {
  if (addresses.length === 0 || address < addresses[0]! || address > end) return COMPILED;
  let [low, high] = [0, addresses.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (addresses[middle]! <= address) low = middle;
    else high = middle;
  }
  return parts[low]!;
}
