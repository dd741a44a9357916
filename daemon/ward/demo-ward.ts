/**
 * Eight patients for whoever wants to see a ward: whole daemons in this process, each with a record from the configured
 * folders, or with a synthetic patient where there are none. Nothing of them is kept.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_BASE } from '@rhythmd/protocol/topics.ts';
import type { Ward } from '@rhythmd/protocol/ward.ts';
import { findRecord } from '@rhythmd/records/folders.ts';
import type { Config } from '../config/schema.ts';
import { Daemon } from '../daemon.ts';
import type { LoggerFactory } from '../log/logger.ts';

/** Records of the MIT-BIH Arrhythmia Database at which there is something to see. */
const RECORDS = ['208', '233', '119', '201', '106', '203', '100', '222'] as const;

interface DemoPatient {
  readonly device: string;
  readonly source: string;
}

export interface DemoWard {
  readonly ward: Ward;
  stop(): Promise<void>;
}

/** @param broker where they speak; @param folders where records are looked up */
export async function startDemoWard(
  config: Config,
  broker: string,
  folders: readonly string[],
  { environment, log }: { environment: NodeJS.ProcessEnv; log: LoggerFactory },
): Promise<DemoWard> {
  const state = mkdtempSync(join(tmpdir(), 'rhythmd-ward-'));
  const daemons: Daemon[] = [];
  const patients = RECORDS.map((record, bed) => patientOf(record, bed, folders));
  const stop = async () => {
    await Promise.allSettled(daemons.map((daemon) => daemon.stop()));
    rmSync(state, { recursive: true, force: true });
  };
  try {
    for (const { device, source } of patients) {
      const own = join(state, device);
      mkdirSync(own);
      const daemon = new Daemon(demoConfig(config, broker, device, source), {
        environment: { ...environment, STATE_DIRECTORY: own },
        log: (part) => log(`${device} ${part}`),
      });
      daemons.push(daemon);
      await daemon.start();
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const beds = patients.map(({ device }, bed) => ({
    base: `${DEFAULT_BASE}/${device}`,
    device,
    label: `Bed ${bed + 1}`,
    page: null,
  }));
  return { ward: { title: 'Demo ward', history: null, beds }, stop };
}

function patientOf(record: string, bed: number, folders: readonly string[]): DemoPatient {
  const device = `demo-${bed + 1}`;
  const path = findRecord(record, folders);
  const source = path === null ? `sim:synthetic?speed=1&seed=${bed + 1}` : `wfdb://${path}?speed=1`;
  return { device, source };
}

function demoConfig(config: Config, broker: string, device: string, source: string): Config {
  return {
    ...config,
    device: { ...config.device, id: device },
    source: { ...config.source, url: source, board: 'auto' },
    mqtt: { ...config.mqtt, url: broker, base: DEFAULT_BASE, embedded_port: 0, wave: false },
    homeassistant: { ...config.homeassistant, discovery: false },
    web: { ...config.web, host: '' },
    recorder: { ...config.recorder, folder: '' },
    outbox: { ...config.outbox, folder: '' },
    audit: { ...config.audit, folder: '' },
  };
}
