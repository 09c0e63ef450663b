import type { RunReport } from '../../scripts/simulate.ts';
import { MUTATIONS } from './mutations.ts';
import { scenarioOf } from './seeds.ts';
import { explain, openStage } from './stage.ts';

// One process of `npm run simulate`: plays the seeds it is sent.
process.env['POWERTOOLS_METRICS_NAMESPACE'] = 'Sluice';
process.env['POWERTOOLS_SERVICE_NAME'] = 'simulation';

const [, , mutationName = '', trace] = process.argv;
const mutation = MUTATIONS.find(({ name }) => name === mutationName);
if (mutationName !== '' && !mutation) throw new RangeError(`There is no mutation '${mutationName}'.`);
const stage = await openStage(mutation);

process.on('message', ({ seed }: { readonly seed: number }) => {
  const scenario = (mutation?.scenario ?? scenarioOf)(seed);
  void stage.play(scenario).then(async (verdict) => {
    const failed = verdict.violations.map(({ rule, what }) => `${rule}: ${what}`);
    const report: RunReport = {
      seed,
      goal: scenario.goal,
      digest: verdict.digest,
      calls: verdict.calls,
      virtualMs: verdict.virtualMs,
      met: verdict.met,
      sites: verdict.sites,
      apis: verdict.apis,
      statuses: verdict.statuses,
      failed,
      ...(trace === 'true' ? { timeline: verdict.timeline } : {}),
      ...(failed.length > 0 ? { explanation: mutation ? failed.join('\n') : await explain(stage, verdict) } : {}),
    };
    process.send?.(report);
  });
});
process.on('disconnect', () => {
  void stage[Symbol.asyncDispose]().then(() => process.exit(0));
});
