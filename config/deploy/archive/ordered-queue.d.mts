/** Types of ordered-queue.mjs for what is written in TypeScript. */
export interface OrderedQueue {
  /** amqp://host:port of every node. */
  readonly urls: readonly string[];
  readonly user: string;
  readonly password: string;
  readonly queue: string;
  /** Of MQTT, with + and #. */
  readonly filters: readonly string[];
  readonly shared?: boolean;
}

export function consumeInOrder(
  options: OrderedQueue,
  take: (topic: string, payload: Buffer) => Promise<void>,
  say?: (line: string) => void,
): () => Promise<void>;
