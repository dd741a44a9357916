import type { Graph, Tensor } from './graph.ts';

/** Given the gradient of the loss by an operator's output, those by its inputs; null where none is wanted. */
export type Backward = (outputGradient: Tensor) => readonly (Tensor | null)[];

interface Entry {
  readonly output: Tensor;
  readonly inputs: readonly Tensor[];
  readonly backward: Backward;
}

/**
 * Reverse-mode differentiation: every operator of `ops/` adds its forward nodes to the graph and records how
 * its gradient is made; `gradients` walks the records backwards and adds those nodes.
 */
export class Tape {
  readonly graph: Graph;
  /** A tape that only evaluates records nothing. */
  readonly isTraining: boolean;
  readonly #entries: Entry[] = [];
  readonly #wanted = new Set<string>();

  constructor(graph: Graph, isTraining: boolean) {
    this.graph = graph;
    this.isTraining = isTraining;
  }

  /** Declares that the gradient by `tensor` is wanted: a parameter. */
  want(tensor: Tensor): void {
    this.#wanted.add(tensor.name);
  }

  isWanted(tensor: Tensor): boolean {
    return this.#wanted.has(tensor.name);
  }

  /** Records an operator; its output is wanted when any input is. Returns the output. */
  record(output: Tensor, inputs: readonly Tensor[], backward: Backward): Tensor {
    if (this.isTraining && inputs.some((input) => this.isWanted(input))) {
      this.#wanted.add(output.name);
      this.#entries.push({ output, inputs, backward });
    }
    return output;
  }

  /**
   * The gradients of a scalar by each of `targets`.
   * @param seed the gradient by `output` itself, which is where the walk starts
   */
  gradients(output: Tensor, seed: Tensor, targets: readonly Tensor[]): (Tensor | null)[] {
    const parts = new Map<string, Tensor[]>([[output.name, [seed]]]);
    for (const entry of this.#entries.toReversed()) {
      const gradient = this.#sum(parts.get(entry.output.name));
      if (gradient === null) continue;
      parts.delete(entry.output.name);
      const gradients = entry.backward(gradient);
      for (const [i, input] of entry.inputs.entries()) {
        const part = gradients[i];
        if (part === null || part === undefined || !this.isWanted(input)) continue;
        const list = parts.get(input.name);
        if (list === undefined) parts.set(input.name, [part]);
        else list.push(part);
      }
    }
    return targets.map((target) => this.#sum(parts.get(target.name)));
  }

  #sum(parts: readonly Tensor[] | undefined): Tensor | null {
    if (parts === undefined) return null;
    let total = parts[0]!;
    for (const part of parts.slice(1)) total = this.graph.add('Add', [total, part], total.shape);
    return total;
  }
}
