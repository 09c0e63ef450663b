import type { RunReport, Task } from '../../scripts/simulate.ts';
import { MUTATIONS } from './mutations.ts';
import { scenarioOf } from './seeds.ts';
import { explain, openStage } from './stage.ts';

// One process of `npm run simulate`: plays the seeds it is sent.
process.env['POWERTOOLS_METRICS_NAMESPACE'] = 'Sluice';
process.env['POWERTOOLS_SERVICE_NAME'] = 'simulation';

const [, , trace] = process.argv;
const stage = await openStage();

process.on('message', ({ seed, mutation: name }: Task) => {
  const mutation = MUTATIONS.find((one) => one.name === name);
  const scenario = (mutation?.scenario ?? scenarioOf)(seed);
  void stage.play(scenario, mutation).then(async (verdict) => {
    const failed = verdict.violations.map(({ rule, what }) => `${rule}: ${what}`);
    const report: RunReport = {
      seed,
      ...(mutation ? { mutation: mutation.name } : {}),
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
