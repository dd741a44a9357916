/**
 * onnxruntime from 1.29 on tells its makers how it is used (session and model names, errors, an identifier of the machine
 * kept below ~/.cache/Microsoft) unless this variable is set before it begins:
 * https://github.com/microsoft/onnxruntime/pull/27379. What a monitor runs is nobody's business, and SECURITY.md promises that
 * nothing is sent.
 */
export const SILENT_RUNTIME = { ORT_DISABLE_TELEMETRY: '1' } as const;

/** For this process and the children it starts. Before the runtime is loaded. */
export function silenceRuntime(): void {
  Object.assign(process.env, SILENT_RUNTIME);
}
