/**
 * A network as a list of layers: what it is, without saying how it is trained, exported or compressed. Shapes
 * are [channels, height, width] of one image.
 */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import { outputSize, type Pads, type Pair, type Sliding } from '../graph/ops/patches.ts';

export type Shape = readonly [number, number, number];
export type ActivationKind = 'relu' | 'relu6' | 'swish' | 'sigmoid';

interface LayerBase {
  readonly name: string;
  readonly inputs: readonly Layer[];
  readonly shape: Shape;
  /** Its first weights, in parts of what they would be; absent: 1. */
  readonly gain?: number | undefined;
}

export type Layer = LayerBase &
  (
    | { readonly kind: 'input' }
    | ({ readonly kind: 'convolution'; readonly bias: boolean } & Sliding)
    | ({ readonly kind: 'depthwise'; readonly bias: boolean } & Sliding)
    /** One factor and one offset a channel: what is left of a batch normalisation that stood alone. */
    | { readonly kind: 'affine' }
    | { readonly kind: 'batchNorm'; readonly epsilon: number }
    | { readonly kind: 'activation'; readonly activation: ActivationKind }
    | ({ readonly kind: 'maxPool' | 'averagePool' } & Sliding)
    | { readonly kind: 'globalAverage' | 'add' | 'concat' | 'scaleChannels' | 'reshape' }
    | { readonly kind: 'take'; readonly axis: 0 | 1 | 2; readonly from: number }
    | { readonly kind: 'dropout'; readonly rate: number }
    | { readonly kind: 'dense' }
  );

export type LayerOf<K extends Layer['kind']> = Extract<Layer, { readonly kind: K }>;

export interface Network {
  readonly name: string;
  /** In the order of computation; the first is the input, the last the logits. */
  readonly layers: readonly Layer[];
  readonly output: Layer;
}

interface SlidingOptions {
  readonly kernel?: Pair | number;
  readonly stride?: Pair | number;
  /** `same`: half the kernel on every side. */
  readonly pads?: Pads | 'same' | 'valid';
}

interface ConvolutionOptions extends SlidingOptions {
  readonly bias?: boolean;
  readonly gain?: number;
}

/** Builds a network layer by layer; every method returns the new layer. */
export class NetworkBuilder {
  readonly #layers: Layer[] = [];
  readonly #counts = new Map<string, number>();

  input(shape: Shape): Layer {
    return this.#push({ kind: 'input', name: 'image', inputs: [], shape });
  }

  convolution(x: Layer, filters: number, options: ConvolutionOptions = {}): Layer {
    const sliding = slidingOf(options);
    const shape: Shape = [filters, ...outputSize(x.shape[1], x.shape[2], sliding)];
    const bias = options.bias ?? false;
    return this.#push({
      kind: 'convolution',
      name: this.#name('conv'),
      inputs: [x],
      shape,
      bias,
      ...(options.gain === undefined ? {} : { gain: options.gain }),
      ...sliding,
    });
  }

  depthwise(x: Layer, options: SlidingOptions): Layer {
    const sliding = slidingOf(options);
    const shape: Shape = [x.shape[0], ...outputSize(x.shape[1], x.shape[2], sliding)];
    return this.#push({
      kind: 'depthwise',
      name: this.#name('depthwise'),
      inputs: [x],
      shape,
      bias: false,
      ...sliding,
    });
  }

  batchNorm(x: Layer, epsilon = 1e-5): Layer {
    return this.#push({ kind: 'batchNorm', name: this.#name('bn'), inputs: [x], shape: x.shape, epsilon });
  }

  activation(x: Layer, activation: ActivationKind): Layer {
    const name = this.#name(activation);
    return this.#push({ kind: 'activation', name, inputs: [x], shape: x.shape, activation });
  }

  maxPool(x: Layer, options: SlidingOptions): Layer {
    return this.#pool('maxPool', x, options);
  }

  averagePool(x: Layer, options: SlidingOptions): Layer {
    return this.#pool('averagePool', x, options);
  }

  globalAverage(x: Layer): Layer {
    return this.#push({
      kind: 'globalAverage',
      name: this.#name('average'),
      inputs: [x],
      shape: [x.shape[0], 1, 1],
    });
  }

  add(a: Layer, b: Layer): Layer {
    if (a.shape.join() !== b.shape.join()) {
      throw new RhythmdError('E_NETWORK_SHAPE', `cannot add ${a.shape.join('x')} and ${b.shape.join('x')}`);
    }
    return this.#push({ kind: 'add', name: this.#name('add'), inputs: [a, b], shape: a.shape });
  }

  concat(...inputs: readonly Layer[]): Layer {
    const channels = inputs.reduce((sum, { shape }) => sum + shape[0], 0);
    const [, h, w] = inputs[0]!.shape;
    return this.#push({ kind: 'concat', name: this.#name('concat'), inputs, shape: [channels, h, w] });
  }

  /** Squeeze and excitation: every channel of `x` times its value in `gate`. */
  scaleChannels(x: Layer, gate: Layer): Layer {
    return this.#push({
      kind: 'scaleChannels',
      name: this.#name('scale'),
      inputs: [x, gate],
      shape: x.shape,
    });
  }

  /** [from, to) along one axis: 0 channels, 1 rows, 2 columns. */
  take(x: Layer, axis: 0 | 1 | 2, from: number, to: number): Layer {
    const shape = x.shape.with(axis, to - from) as unknown as Shape;
    return this.#push({ kind: 'take', name: this.#name('take'), inputs: [x], shape, axis, from });
  }

  reshape(x: Layer, shape: Shape): Layer {
    return this.#push({ kind: 'reshape', name: this.#name('reshape'), inputs: [x], shape });
  }

  dropout(x: Layer, rate: number): Layer {
    return this.#push({ kind: 'dropout', name: this.#name('dropout'), inputs: [x], shape: x.shape, rate });
  }

  /** Sees the input as one row of numbers. */
  dense(x: Layer, units: number, gain?: number): Layer {
    return this.#push({ kind: 'dense', name: this.#name('dense'), inputs: [x], shape: [units, 1, 1], gain });
  }

  build(name: string): Network {
    return { name, layers: this.#layers, output: this.#layers.at(-1)! };
  }

  #pool(kind: 'maxPool' | 'averagePool', x: Layer, options: SlidingOptions): Layer {
    const sliding = slidingOf(options);
    const shape: Shape = [x.shape[0], ...outputSize(x.shape[1], x.shape[2], sliding)];
    return this.#push({ kind, name: this.#name(kind), inputs: [x], shape, ...sliding });
  }

  #push(layer: Layer): Layer {
    this.#layers.push(layer);
    return layer;
  }

  #name(prefix: string): string {
    const count = (this.#counts.get(prefix) ?? 0) + 1;
    this.#counts.set(prefix, count);
    return `${prefix}${count}`;
  }
}

function slidingOf({ kernel = 1, stride = 1, pads = 'same' }: SlidingOptions): Sliding {
  const [kh, kw] = typeof kernel === 'number' ? [kernel, kernel] : kernel;
  const top = (kh - 1) >> 1;
  const left = (kw - 1) >> 1;
  const same: Pads = [top, left, kh - 1 - top, kw - 1 - left];
  return {
    kernel: [kh, kw],
    stride: typeof stride === 'number' ? [stride, stride] : stride,
    pads: pads === 'same' ? same : pads === 'valid' ? [0, 0, 0, 0] : pads,
  };
}
