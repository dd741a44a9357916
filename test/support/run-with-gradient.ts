/** An operator's output and the gradient that its input gets, where the gradient by its output is 1, 2, 3... */
import { Graph, sizeOf, type Tensor } from '@rhythmd/trainer/graph/graph.ts';
import { runOnce } from '@rhythmd/trainer/graph/runtime.ts';
import { Tape } from '@rhythmd/trainer/graph/tape.ts';

export interface Run {
  readonly result: Float32Array;
  readonly gradient: Float32Array;
  readonly direction: Float32Array;
}

export async function runWithGradient(
  x: Float32Array,
  shape: readonly number[],
  build: (tape: Tape, x: Tensor) => Tensor,
): Promise<Run> {
  const graph = new Graph('test');
  const tape = new Tape(graph, true);
  const input = graph.input('x', shape);
  tape.want(input);
  const y = build(tape, input);
  const direction = Float32Array.from({ length: sizeOf(y.shape) }, (_, i) => i + 1);
  const [gradient] = tape.gradients(y, graph.constant(direction, y.shape), [input]);
  graph.output('result', y);
  graph.output('gradient', gradient!);
  const { result, gradient: by } = await runOnce(graph, { x });
  return { result: result!, gradient: by!, direction };
}
