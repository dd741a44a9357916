/**
 * Runs an ONNX network in 8-bit integers without a runtime: the graph is compiled to steps over one memory, and integers are
 * summed exactly, so that the same beat gets the same verdict on every machine. What a graph asks for beyond that is refused
 * by name.
 *
 * The arithmetic is onnxruntime's, rounding included: sums of bytes in 32 bits, times one 32-bit float for each channel
 * (input scale times weight scale, over output scale), rounded to even.
 */
import { RhythmdError } from '../errors.ts';
import { compile } from './compile.ts';
import type { Kernel } from './kernel/kernel.ts';
import { TypeScriptKernel } from './kernel/typescript.ts';
import { openWebAssembly } from './kernel/webassembly.ts';
import { readOnnx } from './onnx/graph.ts';
import type { Step } from './plan.ts';
import { sizeOf } from './shapes.ts';

export type KernelChoice = 'auto' | Kernel['name'];

export class Executor {
  /** The shape of one beat's input, without the batch. */
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
  readonly kernel: Kernel['name'];
  readonly #steps: readonly Step[];
  readonly #floats: Float32Array;
  readonly #output: number;
  readonly #inputSize: number;
  readonly #outputSize: number;

  /**
   * @param model bytes of model.onnx; not needed afterwards
   * @param choice `auto`: WebAssembly where the engine compiles it, with vectors if it can, TypeScript elsewhere
   * @throws RhythmdError E_MODEL_LOAD, E_MODEL_UNSUPPORTED
   */
  constructor(model: Uint8Array, choice: KernelChoice = 'auto') {
    const { plan, inputShape, outputShape, output } = compile(readOnnx(model));
    const kernel = openKernel(choice, plan.size);
    this.inputShape = inputShape;
    this.outputShape = outputShape;
    this.kernel = kernel.name;
    this.#steps = plan.build(kernel);
    this.#floats = kernel.memory.floats;
    this.#output = output >> 2;
    this.#inputSize = sizeOf(inputShape);
    this.#outputSize = sizeOf(outputShape);
  }

  /** Bytes of its memory: constants, and every value of a beat. */
  get memoryBytes(): number {
    return this.#floats.buffer.byteLength;
  }

  /** Values that a beat takes. */
  get inputSize(): number {
    return this.#inputSize;
  }

  /** Values that a beat gets. */
  get outputSize(): number {
    return this.#outputSize;
  }

  /**
   * Allocates nothing.
   * @param images `count` beats, one after the other
   * @param outputs at least `count` rows, written from the first
   */
  run(images: Float32Array, count: number, outputs: Float32Array): void {
    for (let beat = 0; beat < count; beat++) {
      const from = beat * this.#inputSize;
      for (let i = 0; i < this.#steps.length; i++) this.#steps[i]!.run(images, from);
      const row = beat * this.#outputSize;
      for (let i = 0; i < this.#outputSize; i++) outputs[row + i] = this.#floats[this.#output + i]!;
    }
  }
}

/** Bytes that a kernel may read beyond the last value. */
const SLACK = 16;

function openKernel(choice: KernelChoice, size: number): Kernel {
  const wanted = choice === 'auto' ? (['webassembly-simd', 'webassembly', 'typescript'] as const) : [choice];
  for (const name of wanted) {
    const kernel =
      name === 'typescript' ? new TypeScriptKernel(size + SLACK) : openWebAssembly(name, size + SLACK);
    if (kernel !== null) return kernel;
  }
  throw new RhythmdError('E_MODEL_LOAD', `this engine compiles no ${choice}`, 'Use the kernel in TypeScript');
}
