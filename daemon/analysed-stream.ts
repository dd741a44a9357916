/**
 * The stream of the source and the lead of it that is analysed: where nobody said which, the leads are listened to first;
 * then one session follows another, as another lead, another description or another patient asks for.
 */
import { RhythmdError } from '@rhythmd/ecg/errors.ts';
import type { Samples, StreamDescription } from '@rhythmd/ecg/types.ts';
import { configuredLead, LeadAudition, namesLead } from './lead-audition.ts';
import type { Logger } from './log/logger.ts';
import { LeadReport } from './publish/lead-report.ts';
import { unknownLead } from './requests/session-requests.ts';
import type { FanOut } from './sink/fan-out.ts';
import type { StreamSession } from './stream-session.ts';
import type { WallClock } from './time/wall-clock.ts';

export interface AnalysedStreamParts {
  /** As configured: a lead's name, its number counted from 1, or auto. */
  readonly lead: string;
  readonly sinks: Pick<FanOut, 'send'>;
  readonly wall: Pick<WallClock, 'at'>;
  readonly monotonicMs: () => number;
  readonly log: Logger;
  /** @param number counts the sessions of this run from 1 */
  readonly open: (description: StreamDescription, analysedLead: number, number: number) => StreamSession;
  /** Why no samples come; null: they do, or are about to. */
  readonly stallReason: () => string | null;
  /** What is said of the stream is to be said again. */
  readonly changed: () => void;
}

export class AnalysedStream {
  readonly #parts: AnalysedStreamParts;
  /** As configured, until somebody asks for another. */
  #wantedLead: string;
  #session: StreamSession | null = null;
  #sessions = 0;
  /** Which lead is analysed is still being listened for; samples wait there. */
  #audition: LeadAudition | null = null;

  constructor(parts: AnalysedStreamParts) {
    this.#parts = parts;
    this.#wantedLead = parts.lead;
  }

  /** null: no stream yet, or its leads are still being listened to. */
  get session(): StreamSession | null {
    return this.#session;
  }

  /** null: no stream yet. */
  get description(): StreamDescription | null {
    return (this.#audition ?? this.#session)?.description ?? null;
  }

  /** The source says what it delivers from now on. */
  describe(description: StreamDescription): void {
    const current = this.description;
    const isSame =
      current?.rateHz === description.rateHz &&
      current.leadNames.join('\n') === description.leadNames.join('\n');
    if (!isSame) {
      this.endAudition();
      this.#begin(description);
    }
    this.#parts.changed();
  }

  /** @param arrivalMs on the clock that nobody sets */
  push(samples: Samples, arrivalMs: number): void {
    if (this.#audition === null) this.#session?.push(samples, arrivalMs);
    else if (this.#audition.push(samples, arrivalMs)) this.endAudition();
  }

  /** What is known by now has to do: the stream changes or ends. */
  endAudition(): void {
    const audition = this.#audition;
    if (audition === null) return;
    this.#audition = null;
    const lead = audition.choose();
    this.#parts.log.info(() => `analysing lead ${audition.description.leadNames[lead]}`);
    this.#beginSession(audition.description, lead);
    for (const { samples, arrivalMs } of audition.kept) this.push(samples, arrivalMs);
    // In which lead a lesson is in force is known only now.
    this.#parts.changed();
  }

  /** The stream ended, or is about to: what is pending is published. */
  async flush(): Promise<void> {
    this.endAudition();
    await this.#session?.flush();
  }

  /**
   * All that is known of the stream's patient is forgotten; what was heard of their leads as well.
   * @returns when what was pending of the session before has been published
   */
  async startAnew(): Promise<void> {
    const farewell = this.#session?.flush();
    const { description } = this;
    this.#session = null;
    this.#audition = null;
    if (description !== null) this.#begin(description);
    await farewell;
  }

  /**
   * A session analyses one lead from its beginning to its end, so another lead is another session of the same stream.
   * @throws RhythmdError E_NO_SIGNAL, E_LEAD_UNKNOWN
   */
  changeLead(wanted: string): { lead: string | null } {
    const { description } = this;
    if (description === null) {
      throw new RhythmdError('E_NO_SIGNAL', 'no stream has begun yet', 'See the source in health.');
    }
    const { leadNames } = description;
    const lead = configuredLead(wanted, leadNames);
    if (wanted !== 'auto' && !namesLead(wanted, leadNames)) throw unknownLead(wanted, leadNames);
    this.#wantedLead = wanted;
    this.endAudition();
    if (lead === null) {
      void this.#session?.flush();
      this.#session = null;
      this.#beginAudition(description);
    } else if (lead !== this.#session?.analysedLead) {
      this.#parts.log.info(() => `analysing lead ${leadNames[lead]}, as asked`);
      this.#beginSession(description, lead);
    }
    this.#parts.changed();
    return { lead: lead === null ? null : (leadNames[lead] ?? null) };
  }

  #begin(description: StreamDescription): void {
    const lead = configuredLead(this.#wantedLead, description.leadNames);
    if (lead !== null) this.#beginSession(description, lead);
    else this.#beginAudition(description);
  }

  #beginAudition(description: StreamDescription): void {
    const { sinks, wall, monotonicMs } = this.#parts;
    this.#audition = new LeadAudition(description);
    const report = new LeadReport(description.leadNames, 0, monotonicMs(), (ms) => wall.at(ms));
    sinks.send('lead', report.event());
  }

  #beginSession(description: StreamDescription, analysedLead: number): void {
    const { sinks, open, stallReason } = this.#parts;
    void this.#session?.flush();
    this.#sessions++;
    this.#session = open(description, analysedLead, this.#sessions);
    sinks.send('stream', { ...description, analysedLead });
    sinks.send('lead', this.#session.leadEvent());
    const reason = stallReason();
    if (reason !== null) this.#session.stalled(reason);
  }
}
