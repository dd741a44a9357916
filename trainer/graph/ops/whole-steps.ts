/**
 * Numbers as the whole steps of their scale, so that a graph of floats adds what integer kernels add: sums of whole
 * numbers are exact in floats up to 2^24, in any order. Gradients pass straight through the rounding (Bengio et al.
 * 2013; Jacob et al. 2018) and are those by the numbers that were given.
 */
import type { Graph, Tensor } from '../graph.ts';
import type { Tape } from '../tape.ts';
import { above } from './above.ts';

/** Levels of a signed byte on either side of zero. */
const LEVELS = 127;

/** @param x multiples of `scale` but for what floats lose */
export function wholeSteps(tape: Tape, x: Tensor, scale: number): Tensor {
  const { graph } = tape;
  const steps = rounded(graph, graph.add('Div', [x, graph.scalar(scale)], x.shape));
  return tape.record(steps, [x], (dSteps) => [graph.add('Mul', [dSteps, graph.scalar(1 / scale)], x.shape)]);
}

/**
 * Signed weights.
 * @param scales distance of two levels, one for each first index (output channel)
 * @param most levels on either side of zero: 127 for eight bits
 */
export function wholeWeight(tape: Tape, weight: Tensor, scales: Float32Array, most = LEVELS): Tensor {
  const { graph } = tape;
  const rows = byChannel(graph, weight, scales.length);
  const column = graph.constant(scales, [scales.length, 1]);
  const steps = rounded(graph, graph.add('Div', [rows, column], rows.shape));
  const bounds = [graph.scalar(-most), graph.scalar(most)];
  const levels = graph.reshape(graph.add('Clip', [steps, ...bounds], rows.shape), weight.shape);
  return recordByChannel(tape, levels, weight, column);
}

/**
 * Signed weights of a few levels that are not evenly apart.
 * @param scales distance of two whole steps, one for each first index
 * @param levels whole numbers, rising
 * @param borders between two levels each; a weight on one has the lower level
 */
export function wholeSharedWeight(
  tape: Tape,
  weight: Tensor,
  scales: Float32Array,
  levels: Int8Array,
  borders: Float32Array,
): Tensor {
  const { graph } = tape;
  const rows = byChannel(graph, weight, scales.length);
  const column = graph.constant(scales, [scales.length, 1]);
  const steps = graph.add('Div', [rows, column], rows.shape);
  const parts = Array.from(borders, (border, i) => {
    const height = graph.scalar(levels[i + 1]! - levels[i]!);
    return graph.add('Mul', [above(graph, steps, border), height], rows.shape);
  });
  // Zero times the steps gives them their shape where there is one level alone.
  const lowest = parts.length === 0 ? graph.add('Mul', [steps, graph.scalar(0)], rows.shape) : null;
  const sum = graph.add('Sum', lowest === null ? parts : [lowest], rows.shape);
  const shared = graph.add('Add', [sum, graph.scalar(levels[0]!)], rows.shape);
  return recordByChannel(tape, graph.reshape(shared, weight.shape), weight, column);
}

/** Weights given as places on a fixed grid, -1 its first and 1 its last level. */
export function wholePlaces(tape: Tape, places: Tensor): Tensor {
  const { graph } = tape;
  const most = graph.scalar(LEVELS);
  const steps = rounded(graph, graph.add('Mul', [places, most], places.shape));
  const levels = graph.add('Clip', [steps, graph.scalar(-LEVELS), most], places.shape);
  return tape.record(levels, [places], (dLevels) => [graph.add('Mul', [dLevels, most], places.shape)]);
}

/** @param units one a channel: scale of what a layer reads times scale of its weights */
export function wholeBias(tape: Tape, bias: Tensor, units: Float32Array): Tensor {
  const { graph } = tape;
  const unit = graph.constant(units, bias.shape);
  const multiples = rounded(graph, graph.add('Div', [bias, unit], bias.shape));
  return tape.record(multiples, [bias], (dMultiples) => [graph.add('Div', [dMultiples, unit], bias.shape)]);
}

function rounded(graph: Graph, x: Tensor): Tensor {
  return graph.add('Round', [x], x.shape);
}

function byChannel(graph: Graph, x: Tensor, channels: number): Tensor {
  return graph.reshape(x, [channels, x.shape.reduce((a, b) => a * b, 1) / channels]);
}

/** The gradient by a weight is that by its level over its channel's scale. */
function recordByChannel(tape: Tape, levels: Tensor, weight: Tensor, scales: Tensor): Tensor {
  const { graph } = tape;
  return tape.record(levels, [weight], (dLevels) => {
    const gradient = byChannel(graph, dLevels, scales.shape[0]!);
    return [graph.reshape(graph.add('Div', [gradient, scales], gradient.shape), weight.shape)];
  });
}
