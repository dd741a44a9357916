import type { Graph, Tensor } from '../graph.ts';
import type { Tape } from '../tape.ts';
import { outputSize, type Pads, type Sliding, slices, unslice } from './patches.ts';

/** Maps of up to 9 x 9 positions are multiplied whole; larger ones row by row. */
const WHOLE_MAP_POSITIONS = 81;

/**
 * Depthwise convolution of a CHWN map as a batched matrix product: the few weights of a channel are spread over
 * a Toeplitz matrix by a Gemm with a constant 0/1 matrix. It wastes arithmetic and wins, 13 to 38 times, because
 * grouped Conv handles one channel at a time.
 * @param x [C, H, W, N]
 * @param weight [C, 1, kh, kw]
 * @returns [C, OH, OW, N]
 */
export function depthwiseConvolution(tape: Tape, x: Tensor, weight: Tensor, sliding: Sliding): Tensor {
  const [, h, w] = x.shape as [number, number, number, number];
  const [oh, ow] = outputSize(h, w, sliding);
  return h * w <= WHOLE_MAP_POSITIONS && oh * ow <= WHOLE_MAP_POSITIONS
    ? wholeMap(tape, x, weight, sliding)
    : rowByRow(tape, x, weight, sliding);
}

function wholeMap(tape: Tape, x: Tensor, weight: Tensor, sliding: Sliding): Tensor {
  const { graph } = tape;
  const [c, h, w, n] = x.shape as [number, number, number, number];
  const [oh, ow] = outputSize(h, w, sliding);
  const [kh, kw] = sliding.kernel;
  const taps = graph.reshape(weight, [c, kh * kw]);
  const spread = graph.constant(toeplitz(h, w, sliding), [kh * kw, oh * ow * h * w]);
  const matrix = graph.reshape(graph.add('Gemm', [taps, spread], [c, oh * ow * h * w]), [c, oh * ow, h * w]);
  const map = graph.reshape(x, [c, h * w, n]);
  const product = graph.add('MatMul', [matrix, map], [c, oh * ow, n]);

  return tape.record(graph.reshape(product, [c, oh, ow, n]), [x, weight], (outputGradient) => {
    const dy = graph.reshape(outputGradient, [c, oh * ow, n]);
    const dMatrix = graph.add('FusedMatMul', [dy, map], [c, oh * ow, h * w], { transB: 1 });
    const dTaps = collectTaps(graph, dMatrix, spread, c, kh * kw);
    const dx = tape.isWanted(x)
      ? graph.reshape(graph.add('FusedMatMul', [matrix, dy], [c, h * w, n], { transA: 1 }), x.shape)
      : null;
    return [dx, graph.reshape(dTaps, weight.shape)];
  });
}

/** The kernel's rows side by side make one long row, so that one small matrix serves every output row. */
function rowByRow(tape: Tape, x: Tensor, weight: Tensor, sliding: Sliding): Tensor {
  const { graph } = tape;
  const [c, h, w, n] = x.shape as [number, number, number, number];
  const [oh, ow] = outputSize(h, w, sliding);
  const [kh, kw] = sliding.kernel;
  const vertical: Sliding = {
    kernel: [kh, 1],
    stride: [sliding.stride[0], 1],
    pads: [sliding.pads[0], 0, sliding.pads[2], 0],
  };
  const rows = graph.add('Concat', slices(graph, x, vertical), [c, oh, kh * w, n], { axis: 2 });
  const taps = graph.reshape(weight, [c, kh * kw]);
  const spread = graph.constant(rowToeplitz(w, sliding), [kh * kw, ow * kh * w]);
  const matrix = graph.reshape(graph.add('Gemm', [taps, spread], [c, ow * kh * w]), [c, 1, ow, kh * w]);
  const output = graph.add('MatMul', [matrix, rows], [c, oh, ow, n]);

  return tape.record(output, [x, weight], (dy) => {
    const perRow = graph.add('FusedMatMul', [dy, rows], [c, oh, ow, kh * w], { transB: 1 });
    const dMatrix = graph.add('ReduceSum', [perRow, graph.integers([1])], [c, ow, kh * w], { keepdims: 0 });
    const dTaps = graph.reshape(collectTaps(graph, dMatrix, spread, c, kh * kw), weight.shape);
    if (!tape.isWanted(x)) return [null, dTaps];
    const dRows = graph.add('FusedMatMul', [matrix, dy], [c, oh, kh * w, n], { transA: 1 });
    const parts: Tensor[] = Array.from({ length: kh }, () => ({
      name: graph.fresh('Split'),
      shape: [c, oh, w, n],
      type: 'float',
    }));
    graph.addNode('Split', [dRows], parts, { axis: 2, num_outputs: kh });
    return [unslice(graph, parts, vertical, x.shape), dTaps];
  });
}

function collectTaps(graph: Graph, dMatrix: Tensor, spread: Tensor, c: number, taps: number): Tensor {
  const flat = graph.reshape(dMatrix, [c, spread.shape[1]!]);
  return graph.add('Gemm', [flat, spread], [c, taps], { transB: 1 });
}

/** [taps, output position, input position], 1 where a tap connects the two. */
function toeplitz(h: number, w: number, sliding: Sliding): Float32Array {
  const [oh, ow] = outputSize(h, w, sliding);
  const [kh, kw] = sliding.kernel;
  const result = new Float32Array(kh * kw * oh * ow * h * w);
  forEachTap(sliding, oh, ow, (tap, oy, ox, iy, ix) => {
    if (iy < 0 || iy >= h || ix < 0 || ix >= w) return;
    result[(tap * oh * ow + oy * ow + ox) * h * w + iy * w + ix] = 1;
  });
  return result;
}

/** [taps, output column, kernel row and input column], 1 where a tap connects the two. */
function rowToeplitz(w: number, sliding: Sliding): Float32Array {
  const [kh, kw] = sliding.kernel;
  const [, ow] = outputSize(kh, w, { ...sliding, pads: [0, sliding.pads[1], 0, sliding.pads[3]] });
  const result = new Float32Array(kh * kw * ow * kh * w);
  const noVerticalPads: Pads = [0, sliding.pads[1], 0, sliding.pads[3]];
  forEachTap({ ...sliding, pads: noVerticalPads }, 1, ow, (tap, _oy, ox, iy, ix) => {
    if (ix < 0 || ix >= w) return;
    result[(tap * ow + ox) * kh * w + iy * w + ix] = 1;
  });
  return result;
}

function forEachTap(
  { kernel, stride, pads }: Sliding,
  oh: number,
  ow: number,
  visit: (tap: number, oy: number, ox: number, iy: number, ix: number) => void,
): void {
  for (let ky = 0; ky < kernel[0]; ky++) {
    for (let kx = 0; kx < kernel[1]; kx++) {
      for (let oy = 0; oy < oh; oy++) {
        for (let ox = 0; ox < ow; ox++) {
          visit(ky * kernel[1] + kx, oy, ox, oy * stride[0] + ky - pads[0], ox * stride[1] + kx - pads[1]);
        }
      }
    }
  }
}
