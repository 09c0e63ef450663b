import type { Output, Stack, Stacks } from '../stack.ts';
import { evaluate } from '../template/evaluate.ts';
import { isScalar, type JsonValue } from '../template/json-value.ts';
import { validationError } from '../validation-error.ts';
import type { StackScope } from './scope.ts';

/** The outputs of a stack whose resources are all there. */
export function evaluateOutputs(stacks: Stacks, stack: Stack, scope: StackScope): readonly Output[] {
  const outputs: Output[] = [];
  for (const [key, output] of Object.entries(scope.template.outputs)) {
    if (output.condition !== undefined && !scope.condition(output.condition)) continue;
    const exportName =
      output.exportName === undefined ? undefined : text(evaluate(output.exportName, scope), `${key}'s export name`);
    if (exportName !== undefined) checkExportName(stacks, stack, exportName);
    outputs.push({
      OutputKey: key,
      OutputValue: text(evaluate(output.value, scope), key),
      ...(output.description !== undefined && { Description: output.description }),
      ...(exportName !== undefined && { ExportName: exportName }),
    });
  }
  const names = outputs.flatMap(({ ExportName }) => ExportName ?? []);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw validationError(`Export with name ${twice} is exported twice by this stack`);
  return outputs;
}

function text(value: JsonValue | undefined, what: string): string {
  if (!isScalar(value))
    throw validationError(
      `Template format error: Output ${what} is malformed. The Value field of every Outputs member must evaluate to a String.`,
    );
  return String(value);
}

function checkExportName(stacks: Stacks, stack: Stack, name: string): void {
  const owner = exportsOf(stacks).find(({ Name, ExportingStackId }) => Name === name && ExportingStackId !== stack.id);
  if (owner)
    throw validationError(
      `Export with name ${name} is already exported by stack ${stacks.find(owner.ExportingStackId)?.name ?? ''}`,
    );
}

/** Every export of every stack, by name. */
export function exportsOf(
  stacks: Stacks,
): readonly { readonly Name: string; readonly Value: string; readonly ExportingStackId: string }[] {
  return stacks
    .all()
    .filter(({ status }) => status !== 'DELETE_COMPLETE')
    .flatMap(({ id, outputs }) =>
      outputs.flatMap(({ ExportName, OutputValue }) =>
        ExportName === undefined ? [] : [{ Name: ExportName, Value: OutputValue, ExportingStackId: id }],
      ),
    )
    .toSorted((a, b) => (a.Name < b.Name ? -1 : 1));
}

/** Names of the stacks that import an export. */
export function importersOf(stacks: Stacks, exportName: string): readonly string[] {
  return stacks
    .all()
    .filter(({ status, imports }) => status !== 'DELETE_COMPLETE' && imports.includes(exportName))
    .map(({ name }) => name);
}

/** @throws AwsError when one of these exports would go or change while another stack imports it. */
export function checkExportsUnused(
  stacks: Stacks,
  before: readonly Output[],
  after: readonly Output[],
  verb: 'deleted' | 'updated',
): void {
  for (const { ExportName: name, OutputValue: value } of before) {
    if (name === undefined || after.some((output) => output.ExportName === name && output.OutputValue === value))
      continue;
    const users = importersOf(stacks, name);
    if (users.length > 0)
      throw validationError(
        `Export ${name} cannot be ${after.some(({ ExportName }) => ExportName === name) ? 'updated' : verb} as it is in use by ${users.join(', ')}`,
      );
  }
}
