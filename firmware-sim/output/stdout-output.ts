import { once } from 'node:events';
import type { Output } from './output.ts';

/** For pipes: `sim play 208 --to stdout | ...`. Commands come from standard input. */
export class StdoutOutput implements Output {
  readonly address = 'stdout';

  async start(onCommand: (bytes: Uint8Array) => void): Promise<void> {
    process.stdin.on('data', onCommand);
    process.stdin.on('error', () => {});
    process.stdin.unref?.();
  }

  async listening(): Promise<void> {}

  async write(bytes: Uint8Array): Promise<boolean> {
    if (!process.stdout.write(bytes.slice())) await once(process.stdout, 'drain');
    return true;
  }

  async unplug(): Promise<void> {}

  async plug(): Promise<void> {}

  async stop(): Promise<void> {
    process.stdin.pause();
  }
}
