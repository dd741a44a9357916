/** An output for tests: what is sent is kept, and somebody listens unless told otherwise. */
import type { Output } from '@rhythmd/firmware-sim/output/output.ts';

export class MemoryOutput implements Output {
  readonly address = 'memory';
  readonly chunks: Uint8Array[] = [];
  plugged = true;
  unplugs = 0;

  async start(): Promise<void> {}

  async listening(): Promise<void> {}

  async write(bytes: Uint8Array): Promise<boolean> {
    if (this.plugged) this.chunks.push(bytes.slice());
    return this.plugged;
  }

  async unplug(): Promise<void> {
    this.plugged = false;
    this.unplugs++;
  }

  async plug(): Promise<void> {
    this.plugged = true;
  }

  async stop(): Promise<void> {}
}
