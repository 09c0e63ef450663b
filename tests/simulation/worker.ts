import type { RunReport } from '../../scripts/simulate.ts';
import { nameOf } from './coverage.ts';
import { MUTATIONS } from './mutations.ts';
import { scenarioOf } from './scenario.ts';
import { explain, openStage } from './stage.ts';

// One process of `npm run simulate`: plays the seeds it is sent.
process.env['POWERTOOLS_METRICS_NAMESPACE'] = 'Sluice';
process.env['POWERTOOLS_SERVICE_NAME'] = 'simulation';

const [, , mutationName = '', trace] = process.argv;
const mutation = MUTATIONS.find(({ name }) => name === mutationName);
if (mutationName !== '' && !mutation) throw new RangeError(`There is no mutation '${mutationName}'.`);
const stage = await openStage(mutation);

process.on('message', ({ seed }: { readonly seed: number }) => {
  void stage.play((mutation?.scenario ?? scenarioOf)(seed)).then(async (verdict) => {
    const failed = verdict.violations.map(({ rule, what }) => `${rule}: ${what}`);
    const report: RunReport = {
      seed,
      digest: verdict.digest,
      calls: verdict.calls,
      virtualMs: verdict.virtualMs,
      met: [...new Set(verdict.met.map(nameOf))],
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
