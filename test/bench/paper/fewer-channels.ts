/** Which published rows cost something else on the device than their whole network in 8 bits. */
import type { ResultRow } from '@rhythmd/trainer/evaluate/result-row.ts';
import { countParameters } from '@rhythmd/trainer/nets/parameters.ts';
import { networkNamed } from '@rhythmd/trainer/presets/catalog.ts';

/** Integer networks with fewer parameters than they had in floats: zeros are parameters, channels left out are not. */
export function fewerChannels(rows: readonly ResultRow[]): ResultRow[] {
  return rows.filter(
    ({ network, parameters, agreementWithFake }) =>
      agreementWithFake !== undefined && parameters < countParameters(networkNamed(network)),
  );
}
