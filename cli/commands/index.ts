import type { Command } from '../command.ts';
import { deploy } from './deploy.ts';
import { down } from './down.ts';
import { drop } from './drop.ts';
import { plan } from './plan.ts';
import { sql } from './sql.ts';
import { up } from './up.ts';
import { validate } from './validate.ts';

/** In the order a newcomer meets them. */
export const COMMANDS: readonly Command[] = [up, deploy, drop, validate, plan, sql, down];
