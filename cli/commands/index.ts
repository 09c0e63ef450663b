import type { Command } from '../command.ts';
import { demo } from './demo.ts';
import { deploy } from './deploy.ts';
import { down } from './down.ts';
import { drop } from './drop.ts';
import { plan } from './plan.ts';
import { run } from './run.ts';
import { sql } from './sql.ts';
import { up } from './up.ts';
import { validate } from './validate.ts';
import { watch } from './watch.ts';

/** In the order a newcomer meets them. */
export const COMMANDS: readonly Command[] = [demo, up, deploy, drop, watch, run, validate, plan, sql, down];
