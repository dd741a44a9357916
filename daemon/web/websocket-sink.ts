/**
 * The sink behind the page: every event once as text, every block of waveform once as frames, to all
 * clients. Serialised once however many listen; a client that cannot keep up hurts only itself
 * (daemon/web/stream-client.ts).
 */
import type { QualityChange, Samples } from '@rhythmd/ecg/types.ts';
import type {
  AlertEvent,
  BeatEvent,
  HealthEvent,
  InfoEvent,
  LeadEvent,
  PeakEvent,
  StripEvent,
  VitalsEvent,
} from '@rhythmd/protocol/events.ts';
import type { StreamEvents, StreamTopic } from '@rhythmd/protocol/stream-messages.ts';
import { encodeWaveFrame } from '@rhythmd/protocol/wave-frame.ts';
import type { Sink } from '../publish/sink.ts';
import { Recent } from './recent.ts';
import { type ClientSocket, StreamClient } from './stream-client.ts';
import { type WaveBlock, WaveBlocks } from './wave-blocks.ts';

/** How often the page learns which wall time a sample has, in samples (5 s). */
const CLOCK_EVERY_SAMPLES = 5 * 360;

export class WebSocketSink implements Sink {
  readonly name = 'websocket';
  readonly recent = new Recent();
  readonly #clients = new Set<StreamClient>();
  readonly #blocks: WaveBlocks;
  #nextClockSample = 0;
  #nextSample = 0;
  #samplesSkipped = 0;
  #clientsClosed = 0;
  readonly #onBlock = (block: WaveBlock): void => this.#sendBlock(block);

  constructor(now: () => number = () => performance.now()) {
    this.#blocks = new WaveBlocks(now);
  }

  async start(): Promise<void> {}

  async stop(): Promise<void> {
    this.#blocks.flush(this.#onBlock);
    this.#clients.clear();
  }

  /** A new listener: what is known now, then the waveform kept, then everything as it comes. */
  attach(socket: ClientSocket): StreamClient {
    const client = new StreamClient(socket);
    client.sendText(message('hello', this.recent.hello()));
    for (const frame of this.recent.wave.frames()) socket.send(frame);
    this.#clients.add(client);
    return client;
  }

  detach(client: StreamClient): void {
    if (this.#clients.delete(client)) this.#samplesSkipped += client.samplesSkipped;
  }

  info(event: InfoEvent): void {
    // Which leads there are may change with it: what was gathered is of those before.
    this.#blocks.flush(this.#onBlock);
    this.recent.info = event;
    this.#send('info', event);
  }

  wave(samples: Samples, firstSampleMs: number): void {
    if (samples.first < this.#nextSample) this.#beginAgain(samples.first, firstSampleMs);
    this.#nextSample = samples.first + samples.count;
    if (samples.lost > 0) {
      this.#blocks.flush(this.#onBlock);
      const gap = { sample: samples.first, lost: samples.lost };
      this.recent.gap(gap);
      this.#send('gap', gap);
    }
    if (samples.first >= this.#nextClockSample || samples.lost > 0) {
      this.#nextClockSample = samples.first + CLOCK_EVERY_SAMPLES;
      this.recent.clock = { sample: samples.first, t_ms: firstSampleMs };
      this.#send('clock', this.recent.clock);
    }
    this.#blocks.push(samples, this.#onBlock);
  }

  /** What the pages know of time is wrong from here on: the next samples say it anew. */
  clockSet(): void {
    this.#nextClockSample = 0;
  }

  peak(event: PeakEvent): void {
    this.#send('peak', event);
  }

  beat(event: BeatEvent): void {
    this.recent.beat(event);
    this.#send('beat', event);
  }

  alert(event: AlertEvent): void {
    this.recent.alert(event);
    this.#send('alert', event);
  }

  strip(event: StripEvent): void {
    this.recent.strip(event);
    this.#send('strip', event);
  }

  quality(change: QualityChange): void {
    const event = { lead: change.lead, sample: change.sample, quality: change.quality };
    this.recent.quality(event);
    this.#send('quality', event);
  }

  lead(event: LeadEvent): void {
    this.#blocks.flush(this.#onBlock);
    this.recent.lead = event;
    this.#send('lead', event);
  }

  /** Pages begin again with what is left. */
  newPatient(): void {
    this.#blocks.flush(this.#onBlock);
    this.recent.forgetPatient();
    this.#send('hello', this.recent.hello());
  }

  vitals(event: VitalsEvent): void {
    this.recent.vitals = event;
    this.#send('vitals', event);
  }

  health(event: HealthEvent): void {
    this.recent.health = event;
    this.#send('health', event);
  }

  counters(): Readonly<Record<string, number>> {
    let skipped = this.#samplesSkipped;
    for (const client of this.#clients) skipped += client.samplesSkipped;
    return {
      web_clients: this.#clients.size,
      web_samples_skipped: skipped,
      web_clients_closed: this.#clientsClosed,
    };
  }

  #send<Topic extends StreamTopic>(topic: Topic, event: StreamEvents[Topic]): void {
    if (this.#clients.size === 0) return;
    const text = message(topic, event);
    for (const client of this.#clients) {
      if (client.sendText(text)) continue;
      this.#clientsClosed++;
      this.detach(client);
    }
  }

  /** Indices that go back are another stream (other leads, another board): pages forget the one before. */
  #beginAgain(sample: number, timeMs: number): void {
    this.#blocks.flush(this.#onBlock);
    this.recent.forgetSignal();
    this.#nextClockSample = sample + CLOCK_EVERY_SAMPLES;
    this.recent.clock = { sample, t_ms: timeMs };
    this.#send('hello', this.recent.hello());
  }

  #sendBlock(block: WaveBlock): void {
    this.recent.wave.push(block);
    if (this.#clients.size === 0) return;
    const { first, count, leads } = block;
    const frames = leads.map((lead, i) => encodeWaveFrame(i, first, lead, count));
    for (const client of this.#clients) client.sendWave(frames, first, count);
  }
}

function message<Topic extends StreamTopic>(topic: Topic, event: StreamEvents[Topic]): string {
  return JSON.stringify({ topic, event });
}
