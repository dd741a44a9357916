/** Which faults are on at a moment of the stream, and when that changes. */
import type { Fault, FaultKind } from './fault-kinds.ts';

export class Schedule {
  readonly #faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    this.#faults = faults;
  }

  /** The first fault of a kind that is on; null when none is. */
  active(kind: FaultKind, timeS: number): Fault | null {
    for (const fault of this.#faults) {
      if (fault.kind === kind && startOf(fault, timeS) !== null) return fault;
    }
    return null;
  }

  /** When the fault that is on at `timeS` began. */
  begunAt(fault: Fault, timeS: number): number {
    return startOf(fault, timeS) ?? fault.atS;
  }

  /** The next moment after `timeS` at which any fault begins or ends; Infinity when none does. */
  nextChange(timeS: number): number {
    let next = Number.POSITIVE_INFINITY;
    for (const fault of this.#faults) {
      const turn = turnOf(fault, timeS);
      for (const candidate of [turn, turn + fault.forS, turn + (fault.everyS ?? Number.POSITIVE_INFINITY)]) {
        if (candidate > timeS && candidate < next) next = candidate;
      }
    }
    return next;
  }
}

/** Start of the latest turn that began, or of the first one. */
function turnOf(fault: Fault, timeS: number): number {
  if (fault.everyS === null || timeS < fault.atS) return fault.atS;
  return fault.atS + Math.floor((timeS - fault.atS) / fault.everyS) * fault.everyS;
}

function startOf(fault: Fault, timeS: number): number | null {
  const turn = turnOf(fault, timeS);
  return timeS >= turn && timeS < turn + fault.forS ? turn : null;
}
