/** What runs here, as one message: version, source, board, scale, model. */
import type { StreamDescription } from '@rhythmd/ecg/types.ts';
import type { InfoEvent, PatientFacts } from '@rhythmd/protocol/events.ts';
import type { Classifier } from '../classify/classifier.ts';
import type { Source } from '../source/source.ts';
import { VERSION } from '../version.ts';

export interface InfoFacts {
  readonly device: string;
  readonly source: Pick<Source, 'url' | 'replay' | 'about'>;
  /** null before the source has said. */
  readonly description: StreamDescription | null;
  readonly classifier: Pick<Classifier, 'card' | 'executor' | 'golden'> | null;
  readonly patient: PatientFacts;
  /** Left out: none. */
  readonly alertsDisabled?: readonly string[];
  /** Left out: as nobody may set them. */
  readonly alertLimits?: InfoEvent['alert_limits'];
}

export function infoEvent({
  device,
  source,
  description,
  classifier,
  patient,
  alertsDisabled,
  alertLimits,
}: InfoFacts): InfoEvent {
  return {
    v: 1,
    version: VERSION,
    device,
    source: source.url,
    board: description?.board ?? null,
    rate_hz: description?.rateHz ?? null,
    leads: description?.leadNames ?? [],
    microvolts_per_count: description?.microvoltsPerCount ?? [],
    model: classifier === null ? null : summary(classifier),
    patient,
    alerts_disabled: alertsDisabled ?? [],
    alert_limits: alertLimits ?? [],
    replay: source.replay,
    description: source.about(),
    notice: 'not a medical device',
  };
}

function summary({
  card,
  executor,
  golden,
}: Pick<Classifier, 'card' | 'executor' | 'golden'>): InfoEvent['model'] {
  const { name, version, sha256, labels, measured } = card;
  return { name, version, sha256, labels, measured, exact: golden?.exact ?? null, executor };
}
