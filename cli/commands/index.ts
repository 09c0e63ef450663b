import type { Command } from '../command.ts';

/** In the order a newcomer meets them. Each is loaded when it is asked for: it brings the SDK clients it needs, and no command needs all of them. */
const LOADERS: Readonly<Record<string, () => Promise<Command>>> = {
  demo: async () => (await import('./demo.ts')).demo,
  up: async () => (await import('./up.ts')).up,
  deploy: async () => (await import('./deploy.ts')).deploy,
  drop: async () => (await import('./drop.ts')).drop,
  watch: async () => (await import('./watch.ts')).watch,
  run: async () => (await import('./run.ts')).run,
  validate: async () => (await import('./validate.ts')).validate,
  plan: async () => (await import('./plan.ts')).plan,
  sql: async () => (await import('./sql.ts')).sql,
  down: async () => (await import('./down.ts')).down,
};

export const COMMAND_NAMES: readonly string[] = Object.keys(LOADERS);

/** Undefined where there is no command of this name. */
export async function findCommand(name: string): Promise<Command | undefined> {
  return Object.hasOwn(LOADERS, name) ? LOADERS[name]?.() : undefined;
}

export async function allCommands(): Promise<readonly Command[]> {
  return Promise.all(Object.values(LOADERS).map((load) => load()));
}
