/** Runs in an emulated processor: opens a model as the daemon does, and says by whom it is run and whether exactly. */
import { openModel } from '@rhythmd/daemon/classify/open-model.ts';

const classifier = await openModel(process.argv[2]!, 'auto');
console.log(JSON.stringify({ executor: classifier.executor.name, exact: classifier.golden.exact }));
await classifier.close();
