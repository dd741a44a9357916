/**
 * Does onnxruntime run here? A build for another processor ends by an illegal instruction (1.21 did on a Cortex-A53), which
 * no program catches: where the processor is not known to be fine, a child process tries first.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { SILENT_RUNTIME } from './silent-runtime.ts';

export type Trial = { readonly runs: true } | { readonly runs: false; readonly why: string };

/** Loading takes two seconds on a Zero 2 W with a cold SD card; what hangs is taken for broken. */
const TRIAL_WITHIN_MS = 60_000;
/** The end of what a child complained about, for the log. */
const LONGEST_COMPLAINT = 300;

/** Arm cores (their part numbers in /proc/cpuinfo) and flags of x86 that the shipped version was run on, emulated or not. */
const PROVEN_ARM_PARTS = ['0xd03'];
const PROVEN_X86_FLAG = 'avx2';

/** A model is opened and answers once: kernels are only chosen then. */
const TRIAL_PROGRAM = `
const [runtime, batch, ...shape] = process.argv.slice(1);
const ort = require(runtime);
const options = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 };
ort.InferenceSession.create(require('node:fs').readFileSync(0), options).then((session) => {
  const dims = [batch, ...shape].map(Number);
  const size = dims.reduce((product, length) => product * length, 1);
  return session.run({ [session.inputNames[0]]: new ort.Tensor('float32', new Float32Array(size), dims) });
}).catch((error) => {
  console.error(String(error && error.message).split('\\n')[0]);
  process.exit(1);
});
`;

/** @param shape of one beat */
export async function tryRuntime(onnx: Uint8Array, shape: readonly number[]): Promise<Trial> {
  const runtime = installedRuntime();
  if (runtime === null) return { runs: false, why: 'onnxruntime-node is not installed' };
  if (isProven(process.arch, cpuInfo())) return { runs: true };
  return tryInChild(process.execPath, runtime, onnx, shape);
}

function installedRuntime(): string | null {
  try {
    return createRequire(import.meta.url).resolve('onnxruntime-node');
  } catch {
    return null;
  }
}

function cpuInfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return '';
  }
}

/** @param cpuInfo as Linux tells it */
export function isProven(arch: string, cpuInfo: string): boolean {
  if (arch === 'x64') return new RegExp(`^flags\\s*:.*\\b${PROVEN_X86_FLAG}\\b`, 'm').test(cpuInfo);
  const parts = [...cpuInfo.matchAll(/^CPU part\s*:\s*(\S+)/gm)].map(([, part]) => part!);
  return arch === 'arm64' && parts.length > 0 && parts.every((part) => PROVEN_ARM_PARTS.includes(part));
}

/** @param node the program that runs JavaScript */
export function tryInChild(
  node: string,
  runtime: string,
  onnx: Uint8Array,
  shape: readonly number[],
): Promise<Trial> {
  return new Promise((resolve) => {
    const child = spawn(node, ['-e', TRIAL_PROGRAM, runtime, '1', ...shape.map(String)], {
      stdio: ['pipe', 'ignore', 'pipe'],
      env: { ...process.env, ...SILENT_RUNTIME },
      timeout: TRIAL_WITHIN_MS,
      killSignal: 'SIGKILL',
    });
    let complaint = '';
    child.stderr.on('data', (bytes: Buffer) => {
      complaint = (complaint + bytes.toString()).slice(-LONGEST_COMPLAINT);
    });
    child.once('error', (error) => resolve({ runs: false, why: `it could not be tried (${error.message})` }));
    child.once('close', (status, signal) => {
      if (status === 0) resolve({ runs: true });
      else if (signal !== null)
        resolve({ runs: false, why: `onnxruntime was ended by ${signal} when it was tried` });
      else resolve({ runs: false, why: `onnxruntime failed when it was tried (${complaint.trim()})` });
    });
    // A child that died does not read on.
    child.stdin.on('error', () => {});
    child.stdin.end(onnx);
  });
}
