/**
 * The kernels that `kernel.c` was compiled to, where the engine compiles WebAssembly: a jitless one, or one short of memory, does
 * not. Vectors need more: an ARMv6 has none.
 */
import type { Kernel, Memory } from './kernel.ts';
import { KERNEL_BASE64, SIMD_KERNEL_BASE64 } from './kernel-binary.ts';

const PAGE = 65536;

/** What is used of the engine's WebAssembly, which the language's own library does not declare. */
interface Engine {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (pages: {
    readonly initial: number;
    readonly maximum: number;
  }) => { readonly buffer: ArrayBuffer };
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: Readonly<Record<string, (at: number) => void>> };
}

const BINARIES = { webassembly: KERNEL_BASE64, 'webassembly-simd': SIMD_KERNEL_BASE64 } as const;

/** @returns null where there is none to be had */
export function openWebAssembly(name: keyof typeof BINARIES, size: number): Kernel | null {
  const engine = (globalThis as { readonly WebAssembly?: Engine }).WebAssembly;
  if (engine === undefined) return null;
  try {
    const pages = Math.ceil(size / PAGE) + 1;
    const memory = new engine.Memory({ initial: pages, maximum: pages });
    const module = new engine.Module(decoded(BINARIES[name]));
    const { exports } = new engine.Instance(module, { env: { memory } });
    return new WebAssemblyKernel(name, memory.buffer, exports.convolve!, exports.convolve_depthwise!);
  } catch {
    return null;
  }
}

class WebAssemblyKernel implements Kernel {
  readonly name: Kernel['name'];
  readonly memory: Memory;
  readonly convolve: (at: number) => void;
  readonly convolveDepthwise: (at: number) => void;

  constructor(
    name: Kernel['name'],
    buffer: ArrayBuffer,
    convolve: (at: number) => void,
    convolveDepthwise: (at: number) => void,
  ) {
    this.name = name;
    this.memory = {
      bytes: new Uint8Array(buffer),
      words: new Int32Array(buffer),
      floats: new Float32Array(buffer),
    };
    this.convolve = convolve;
    this.convolveDepthwise = convolveDepthwise;
  }
}

function decoded(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
