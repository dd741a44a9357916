/**
 * Trains for a while and says what it cost, in a process of its own: its peak memory is then that of this network
 * and batch alone. Arguments: NETWORK BATCH. Answers each line `STEPS` with processor milliseconds a step and the
 * peak resident memory so far, as JSON.
 */
import { createInterface } from 'node:readline';
import { initialWeights } from '@rhythmd/trainer/nets/parameters.ts';
import { networkNamed } from '@rhythmd/trainer/presets/catalog.ts';
import { stepRates } from '@rhythmd/trainer/train/adam.ts';
import { type StepInputs, Stepper } from '@rhythmd/trainer/train/stepper.ts';
import { buildTrainingModel } from '@rhythmd/trainer/train/training-model.ts';

const LEARNING_RATE = 1e-4;

const [name = '', batchText = ''] = process.argv.slice(2);
const batch = Number(batchText);
const network = networkNamed(name);
const model = buildTrainingModel({ network, batch, planes: 1 });
const stepper = await Stepper.open(model, initialWeights(network, 1));

for await (const line of createInterface({ input: process.stdin })) {
  const inputs = inputsOf(Number(line));
  const before = process.cpuUsage();
  await stepper.run(inputs);
  const { user, system } = process.cpuUsage(before);
  const ms = (user + system) / 1000 / inputs.steps;
  // Kilobytes on Linux.
  const peakRssMb = Math.round((process.resourceUsage().maxRSS * 1024) / 1e6);
  console.log(JSON.stringify({ ms: [ms], peak_rss_mb: peakRssMb }));
}
await stepper.close();

/** Any numbers cost the same, if they are none of the denormal ones. */
function inputsOf(steps: number): StepInputs {
  const classes = 6;
  const rates = new Float32Array(steps * 3);
  for (let step = 0; step < steps; step++) rates.set(stepRates(step + 1, LEARNING_RATE, 0), step * 3);
  return {
    steps,
    images: Float32Array.from({ length: steps * batch * model.imageSize }, (_, i) => Math.sin(i * i)),
    targets: Float32Array.from({ length: steps * classes * batch }, (_, i) =>
      Math.floor(i / batch) % classes === (i % batch) % classes ? 1 : 0,
    ),
    rates,
    noiseSeeds: new Uint32Array(steps),
  };
}
