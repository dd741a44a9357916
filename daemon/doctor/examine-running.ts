/** The doctor's findings of the running daemon: what it hears now, instead of opening everything a second time. */
import { PIPELINE_RATE_HZ } from '@rhythmd/ecg/types.ts';
import type { HealthEvent } from '@rhythmd/protocol/events.ts';
import type { Finding as PublishedFinding } from '@rhythmd/protocol/requests.ts';
import type { Config } from '../config/schema.ts';
import type { StreamSession } from '../stream-session.ts';
import { type Finding, ok, problem, type Verdict } from './finding.ts';
import { LeadFigures } from './lead-figures.ts';
import type { Heard } from './listening.ts';
import { sourceFindings } from './source-findings.ts';
import { clockFinding, diskFinding, modelFinding } from './system-findings.ts';

/** The last seconds of signal that are looked at. */
const LOOK_AT_S = 10;

const STATES: Readonly<Record<Verdict, PublishedFinding['state']>> = {
  ok: 'ok',
  warning: 'warning',
  problem: 'failed',
  unknown: 'unknown',
};

export interface RunningFacts {
  readonly config: Pick<Config, 'model' | 'recorder'>;
  readonly environment: NodeJS.ProcessEnv;
  readonly source: Pick<Heard, 'statistics' | 'trouble' | 'about'>;
  readonly session: StreamSession | null;
  readonly broker: HealthEvent['broker'];
}

export async function examineRunning(facts: RunningFacts): Promise<PublishedFinding[]> {
  const { config, environment } = facts;
  const findings = [
    ...sourceFindings(heardLately(facts), null),
    await clockFinding(),
    brokerFinding(facts.broker),
    await modelFinding(config, environment),
    await diskFinding(config, environment),
  ];
  return findings.map(({ name, verdict, text, fix }) => ({ check: name, state: STATES[verdict], text, fix }));
}

function heardLately({ source, session }: RunningFacts): Heard {
  const qualities = session?.leadEvent().leads.map(({ quality }) => quality) ?? [];
  return {
    ...source,
    description: session?.description ?? null,
    samples: session?.end ?? 0,
    leadOff: qualities.includes('off') ? 1 : 0,
    saturated: qualities.includes('saturated') ? 1 : 0,
    leads:
      session === null ? [] : session.description.leadNames.map((name, lead) => reading(session, name, lead)),
  };
}

function reading(session: StreamSession, name: string, lead: number) {
  const figures = new LeadFigures(name, PIPELINE_RATE_HZ);
  const samples = session.latest(lead, LOOK_AT_S * PIPELINE_RATE_HZ);
  figures.push(samples, samples.length);
  return figures.reading();
}

function brokerFinding({ connected, url, reason }: HealthEvent['broker']): Finding {
  if (connected) return ok('broker', `connected to ${url}`);
  return problem(
    'broker',
    reason ?? `not connected to ${url}`,
    'Beats and alerts wait in the outbox; see mqtt.url.',
  );
}
