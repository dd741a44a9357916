/**
 * The windows of a sliding kernel as slices of one tensor, and their inverse. Maps are CHWN
 * ([channels, height, width, batch]), so every slice is a row of long contiguous runs.
 */
import type { Graph, Tensor } from '../graph.ts';

/** Height and width. */
export type Pair = readonly [number, number];
/** Top, left, bottom, right, as in ONNX. */
export type Pads = readonly [number, number, number, number];

export interface Sliding {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly pads: Pads;
}

export function outputSize(height: number, width: number, { kernel, stride, pads }: Sliding): Pair {
  return [
    Math.floor((height + pads[0] + pads[2] - kernel[0]) / stride[0]) + 1,
    Math.floor((width + pads[1] + pads[3] - kernel[1]) / stride[1]) + 1,
  ];
}

/** Adds (or, when negative, removes) rows and columns. */
function pad(graph: Graph, x: Tensor, pads: Pads, value = 0): Tensor {
  if (pads.every((size) => size === 0)) return x;
  const [c, h, w, n] = x.shape as [number, number, number, number];
  const shape = [c, h + pads[0] + pads[2], w + pads[1] + pads[3], n];
  const amounts = graph.integers([0, pads[0], pads[1], 0, 0, pads[2], pads[3], 0]);
  return graph.add('Pad', [x, amounts, graph.scalar(value)], shape);
}

/** For each kernel offset, row by row, the [C, OH, OW, N] elements that it touches. */
export function slices(graph: Graph, x: Tensor, sliding: Sliding, padValue = 0): Tensor[] {
  const [c, h, w, n] = x.shape as [number, number, number, number];
  const [oh, ow] = outputSize(h, w, sliding);
  const { kernel, stride } = sliding;
  const padded = pad(graph, x, sliding.pads, padValue);
  const result: Tensor[] = [];
  for (let i = 0; i < kernel[0]; i++) {
    for (let j = 0; j < kernel[1]; j++) {
      const isWhole = kernel[0] === 1 && kernel[1] === 1 && oh === padded.shape[1] && ow === padded.shape[2];
      result.push(
        isWhole
          ? padded
          : graph.add(
              'Slice',
              [
                padded,
                graph.integers([i, j]),
                graph.integers([i + (oh - 1) * stride[0] + 1, j + (ow - 1) * stride[1] + 1]),
                graph.integers([1, 2]),
                graph.integers([stride[0], stride[1]]),
              ],
              [c, oh, ow, n],
            ),
      );
    }
  }
  return result;
}

/**
 * The transpose of `slices`: adds every part back to where it was taken from.
 * With a stride, positions of the same remainder are summed as one dense map, and the maps interleaved.
 * @param parts in the order of `slices`
 */
export function unslice(
  graph: Graph,
  parts: readonly Tensor[],
  sliding: Sliding,
  shape: readonly number[],
): Tensor {
  const [c, h, w, n] = shape as [number, number, number, number];
  const { kernel, stride, pads } = sliding;
  const [oh, ow] = outputSize(h, w, sliding);
  // The dense map of one remainder must hold every offset of the kernel, and reach the end of the input.
  const denseHeight = Math.max(
    oh + Math.floor((kernel[0] - 1) / stride[0]),
    Math.ceil((h + pads[0]) / stride[0]),
  );
  const denseWidth = Math.max(
    ow + Math.floor((kernel[1] - 1) / stride[1]),
    Math.ceil((w + pads[1]) / stride[1]),
  );
  const rows: Tensor[] = [];
  for (let ri = 0; ri < stride[0]; ri++) {
    const columns: Tensor[] = [];
    for (let rj = 0; rj < stride[1]; rj++) {
      columns.push(denseMap(ri, rj));
    }
    rows.push(interleave(graph, columns, 3, [c, denseHeight, denseWidth, stride[1], n]));
  }
  const full = graph.reshape(
    interleave(graph, rows, 2, [c, denseHeight, stride[0], denseWidth * stride[1], n]),
    [c, denseHeight * stride[0], denseWidth * stride[1], n],
  );
  return pad(graph, full, [
    -pads[0],
    -pads[1],
    h + pads[0] - denseHeight * stride[0],
    w + pads[1] - denseWidth * stride[1],
  ]);

  function denseMap(ri: number, rj: number): Tensor {
    let total: Tensor | null = null;
    for (let i = ri; i < kernel[0]; i += stride[0]) {
      for (let j = rj; j < kernel[1]; j += stride[1]) {
        const top = Math.floor(i / stride[0]);
        const left = Math.floor(j / stride[1]);
        const part = pad(graph, parts[i * kernel[1] + j]!, [
          top,
          left,
          denseHeight - oh - top,
          denseWidth - ow - left,
        ]);
        total = total === null ? part : graph.add('Add', [total, part], part.shape);
      }
    }
    return total ?? zeros(graph, [c, denseHeight, denseWidth, n]);
  }
}

function interleave(graph: Graph, maps: readonly Tensor[], axis: number, shape: readonly number[]): Tensor {
  if (maps.length === 1) return maps[0]!;
  const single = shape.map((size, i) => (i === axis ? 1 : size));
  const columns = maps.map((map) => graph.reshape(map, single));
  return graph.reshape(
    graph.add('Concat', columns, shape, { axis }),
    axis === 3 ? [shape[0]!, shape[1]!, shape[2]! * shape[3]!, shape[4]!] : shape,
  );
}

function zeros(graph: Graph, shape: readonly number[]): Tensor {
  return graph.add('Expand', [graph.scalar(0), graph.integers(shape)], shape);
}
