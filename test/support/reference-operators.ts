/**
 * Every operator of trainer/graph/ops once more in float64, straight from its definition, on CHWN maps. Gradients
 * are taken from these numerically, element by element, so they share nothing with the code they check.
 */
export interface Array64 {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

type Pair = readonly [number, number];
type Pads = readonly [number, number, number, number];
interface Sliding {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly pads: Pads;
}

export function array64(shape: readonly number[], data?: ArrayLike<number>): Array64 {
  const size = shape.reduce((a, b) => a * b, 1);
  return { shape, data: data === undefined ? new Float64Array(size) : Float64Array.from(data) };
}

function at(map: Array64, c: number, y: number, x: number, n: number): number {
  const [, h, w, batch] = map.shape as [number, number, number, number];
  if (y < 0 || y >= h || x < 0 || x >= w) return 0;
  return map.data[((c * h + y) * w + x) * batch + n]!;
}

/** Fills a map of the given channels from a function of (channel, y, x, image). */
function slide(
  input: Array64,
  channels: number,
  { kernel, stride, pads }: Sliding,
  value: (c: number, top: number, left: number, n: number) => number,
): Array64 {
  const [, h, w, batch] = input.shape as [number, number, number, number];
  const oh = Math.floor((h + pads[0] + pads[2] - kernel[0]) / stride[0]) + 1;
  const ow = Math.floor((w + pads[1] + pads[3] - kernel[1]) / stride[1]) + 1;
  const output = array64([channels, oh, ow, batch]);
  let i = 0;
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < oh; y++)
      for (let x = 0; x < ow; x++)
        for (let n = 0; n < batch; n++)
          output.data[i++] = value(c, y * stride[0] - pads[0], x * stride[1] - pads[1], n);
  return output;
}

export function convolution64(x: Array64, weight: Array64, sliding: Sliding): Array64 {
  const [filters, depth, kh, kw] = weight.shape as [number, number, number, number];
  return slide(x, filters, sliding, (f, top, left, n) => {
    let sum = 0;
    for (let c = 0; c < depth; c++)
      for (let i = 0; i < kh; i++)
        for (let j = 0; j < kw; j++)
          sum += weight.data[((f * depth + c) * kh + i) * kw + j]! * at(x, c, top + i, left + j, n);
    return sum;
  });
}

export function depthwise64(x: Array64, weight: Array64, sliding: Sliding): Array64 {
  const [channels, , kh, kw] = weight.shape as [number, number, number, number];
  return slide(x, channels, sliding, (c, top, left, n) => {
    let sum = 0;
    for (let i = 0; i < kh; i++)
      for (let j = 0; j < kw; j++)
        sum += weight.data[(c * kh + i) * kw + j]! * at(x, c, top + i, left + j, n);
    return sum;
  });
}

export function averagePool64(x: Array64, sliding: Sliding): Array64 {
  const [kh, kw] = sliding.kernel;
  return slide(x, x.shape[0]!, sliding, (c, top, left, n) => {
    let sum = 0;
    for (let i = 0; i < kh; i++) for (let j = 0; j < kw; j++) sum += at(x, c, top + i, left + j, n);
    return sum / (kh * kw);
  });
}

export function maxPool64(x: Array64, sliding: Sliding): Array64 {
  const [, h, w] = x.shape as [number, number, number, number];
  return slide(x, x.shape[0]!, sliding, (c, top, left, n) => {
    let max = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < sliding.kernel[0]; i++)
      for (let j = 0; j < sliding.kernel[1]; j++) {
        const isInside = top + i >= 0 && top + i < h && left + j >= 0 && left + j < w;
        if (isInside) max = Math.max(max, at(x, c, top + i, left + j, n));
      }
    return max;
  });
}

export function batchNorm64(x: Array64, gamma: Array64, beta: Array64, epsilon: number): Array64 {
  const channels = x.shape[0]!;
  const size = x.data.length / channels;
  const output = array64(x.shape);
  for (let c = 0; c < channels; c++) {
    const row = x.data.subarray(c * size, (c + 1) * size);
    const mean = row.reduce((a, b) => a + b, 0) / size;
    const variance = row.reduce((a, b) => a + (b - mean) ** 2, 0) / size;
    for (let i = 0; i < size; i++)
      output.data[c * size + i] =
        ((row[i]! - mean) / Math.sqrt(variance + epsilon)) * gamma.data[c]! + beta.data[c]!;
  }
  return output;
}

/** x times the value of its channel and image, or plus that of its channel. */
export function scaleChannels64(x: Array64, gate: Array64): Array64 {
  const [c, h, w, n] = x.shape as [number, number, number, number];
  const output = array64(x.shape);
  for (let i = 0; i < x.data.length; i++) {
    const channel = Math.floor(i / (h * w * n));
    output.data[i] = x.data[i]! * gate.data[channel * n + (i % n)]!;
  }
  return c === gate.shape[0] ? output : array64([]);
}

export function addBias64(x: Array64, bias: Array64): Array64 {
  const size = x.data.length / x.shape[0]!;
  return array64(
    x.shape,
    x.data.map((value, i) => value + bias.data[Math.floor(i / size)]!),
  );
}

export function dense64(x: Array64, weight: Array64, bias: Array64): Array64 {
  const [units, depth] = weight.shape as [number, number];
  const n = x.shape[1]!;
  const output = array64([units, n]);
  for (let u = 0; u < units; u++)
    for (let k = 0; k < n; k++) {
      let sum = bias.data[u]!;
      for (let c = 0; c < depth; c++) sum += weight.data[u * depth + c]! * x.data[c * n + k]!;
      output.data[u * n + k] = sum;
    }
  return output;
}

export function crossEntropy64(logits: Array64, target: Float32Array): Array64 {
  const [units, n] = logits.shape as [number, number];
  let loss = 0;
  for (let k = 0; k < n; k++) {
    let sum = 0;
    for (let u = 0; u < units; u++) sum += Math.exp(logits.data[u * n + k]!);
    for (let u = 0; u < units; u++) loss -= target[u * n + k]! * (logits.data[u * n + k]! - Math.log(sum));
  }
  return array64([], [loss / n]);
}

/** d sum(output * direction) / d inputs[index], by central differences. */
export function numericGradient(
  f: (inputs: readonly Array64[]) => Array64,
  inputs: readonly Array64[],
  index: number,
  direction: Float32Array,
): Float64Array {
  const step = 1e-5;
  const input = inputs[index]!;
  const weighted = (): number => f(inputs).data.reduce((sum, value, i) => sum + value * direction[i]!, 0);
  return input.data.map((value, i) => {
    input.data[i] = value + step;
    const above = weighted();
    input.data[i] = value - step;
    const below = weighted();
    input.data[i] = value;
    return (above - below) / (2 * step);
  });
}
