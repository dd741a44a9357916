/** Which machine a figure was measured on. */
import { readFileSync } from 'node:fs';
import { arch, cpus, totalmem } from 'node:os';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly architecture: string;
  readonly node: string;
}

export function thisMachine(): Machine {
  return {
    cpu: cpuName(),
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    architecture: arch(),
    node: process.version,
  };
}

/** Virtual machines hide the marketing name: family, model and clock at least tell generations apart. */
function cpuName(): string {
  const name = cpus()[0]?.model.trim() || 'unknown';
  try {
    const text = readFileSync('/proc/cpuinfo', 'utf8');
    const field = (key: string) => new RegExp(`^${key}\\s*: (.*)$`, 'm').exec(text)?.[1];
    const family = field('cpu family');
    if (family === undefined) return name;
    return `${name} (family ${family} model ${field('model')}, ${Math.round(Number(field('cpu MHz')))} MHz)`;
  } catch {
    return name;
  }
}

/** One line for a table's foot. */
export function describeMachine({ cpu, cores, memoryGb, architecture, node }: Machine): string {
  return `${cpu}, ${cores} cores, ${memoryGb} GB, ${architecture}, Node ${node}`;
}
