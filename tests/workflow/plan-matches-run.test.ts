import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UNKNOWN_VERSION } from '../../cli/batch/compile-batch.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { UnitDocument } from '../../src/run/unit-document.ts';
import { projectFolder } from '../../src/runtime/project-folder.ts';
import { sluice } from '../support/command-line.ts';
import { startService } from '../support/service-in-process.ts';

interface Manifest {
  readonly schemas: readonly { readonly tables: readonly { readonly files: readonly { readonly key: string }[] }[] }[];
}

test.each(['first time', 'repeated on purpose'])(
  'the plan, offline, is the SQL a run sends (%s)',
  async (which) => {
    const folder = mkdtempSync(join(tmpdir(), 'plan-matches-run-'));
    await using service = await startService(projectFolder(pathToFileURL(`${resolve('sql')}/`)));
    try {
      await sluice(['demo', 'recommendations', '--batch-to', 'batch', '--scale', '0.01'], { directory: folder });
      const text = readFileSync(join(folder, 'batch', 'manifest.json'), 'utf8');
      const files = (JSON.parse(text) as Manifest).schemas.flatMap(({ tables }) =>
        tables.flatMap((table) => table.files),
      );
      for (const { key } of files)
        await service.put('inbox', `some/where/${key}`, readFileSync(join(folder, 'batch', ...key.split('/'))));
      await service.put('inbox', 'some/where/manifest.json', text);
      const repeat = which === 'repeated on purpose';
      const input = { bucket: service.bucket('inbox'), key: 'some/where/manifest.json', ...(repeat ? { repeat } : {}) };
      const execution = await service.start(input);
      await service.ended(execution);
      const claim = (await service.keys('work', 'runs/')).find((key) => key.endsWith('/claim.json')) ?? '';
      const runId = claim.split('/')[1] ?? '';
      expect(runId.endsWith('-2')).toBe(repeat);

      const [, stage = '', account = ''] = /^sluice-(.*)-inbox-(\d+)$/.exec(service.bucket('inbox')) ?? [];
      const where = ['--stage', stage, '--account', account, '--to', 'some/where'];
      const planned = (
        await sluice(['plan', 'batch', '--json', '--run', runId, ...where], { directory: folder })
      ).json<Plan>();
      const keys = await service.keys('work', `runs/${runId}/units/`);
      expect(keys).toHaveLength(planned.units.length);
      for (const unit of planned.units) {
        const sent = JSON.parse(await service.text('work', `runs/${runId}/units/${unit.id}.json`)) as UnitDocument;
        // The versions and times S3 gave the files, and the role of this test's deployment, cannot be known offline.
        const versions = (sent.files ?? []).map(({ versionId, etag }) => versionId ?? etag);
        const known = (sql: string): string =>
          versions
            .reduce((told, version) => told.replaceAll(`'${version}'`, `'${UNKNOWN_VERSION}'`), sql)
            .replaceAll(/'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d'/g, 'null')
            .replaceAll(/role\/[\w-]+/g, 'role/redshift');
        expect(unit.statements.map(({ sql, ...rest }) => ({ ...rest, sql: known(sql) }))).toEqual(
          sent.statements.map(({ sql, ...rest }) => ({ ...rest, sql: known(sql) })),
        );
        expect(unit.dependsOn).toEqual(sent.dependsOn);
        if (unit.copyManifest) expect(await service.text('work', unit.copyManifest.key)).toBe(unit.copyManifest.body);
      }
      const plan = JSON.parse(await service.text('work', `runs/${runId}/plan.json`)) as Plan;
      expect(planned.waves).toEqual(plan.waves);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  60_000,
);
