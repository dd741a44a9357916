/** Whether the paper's processor keeps up, by instructions alone: how many cycles one may take. */
import { CYCLES_A_BEAT } from '../../device-counts.ts';
import { type Cell, type Column, cell } from '../../document.ts';

/** Short, so that the tables fit a page; the note below them says what it is. */
export const CYCLES_COLUMN: Column = { title: 'cycles', group: 'ARM1176', align: 'right' };

/** The ARM1176 issues one instruction a cycle at most (ARM1176JZF-S Technical Reference Manual): with less it cannot keep up. */
export const LEAST_CYCLES = 1;

/** @param instructions a beat; undefined: not counted */
export function cyclesAllowed(instructions: number | undefined): number | null {
  return instructions === undefined ? null : CYCLES_A_BEAT / instructions;
}

export function cyclesLeft(instructions: number | undefined): Cell {
  const cycles = cyclesAllowed(instructions);
  return cycles === null ? cell('not measured', 'quiet') : cell(cycles.toFixed(1));
}
