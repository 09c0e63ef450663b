import { remembered } from '../../kernel/index.ts';
import { isExpression, sourceOf, compile } from '../jsonata/expressions.ts';
import { parseIntrinsic } from '../jsonpath/call.ts';
import { isList, isObject, type Json } from '../json.ts';
import { MAX_DEFINITION_BYTES, MAX_VARIABLE_NAME_LENGTH } from '../limits.ts';
import { schemaView } from './schema-view.ts';
import { aslErrors } from './asl-errors.ts';
import { processorOf, type Machine, type QueryLanguage } from './definition.ts';

/** One thing wrong with a definition, as ValidateStateMachineDefinition reports it. */
export interface Diagnostic {
  readonly code: string;
  readonly message: string;
  /** JSON pointer: `/States/Load/Next`. */
  readonly location?: string;
}

/** Validating takes far longer than running; the same definition comes again with every deployment and every simulated run. */
const MAX_VALIDATED = 100;

/** Everything wrong with a definition's text; nothing if it can be run. */
export const validateDefinition = remembered(MAX_VALIDATED, validate);

function validate(text: string): readonly Diagnostic[] {
  if (Buffer.byteLength(text) > MAX_DEFINITION_BYTES)
    return [{ code: 'SCHEMA_VALIDATION_FAILED', message: `The definition exceeds ${MAX_DEFINITION_BYTES} bytes` }];
  let definition: Json;
  try {
    definition = JSON.parse(text) as Json;
  } catch (error) {
    return [{ code: 'INVALID_JSON_DESCRIPTION', message: `The definition is not JSON: ${String(error)}` }];
  }
  if (!isObject(definition) || !isObject(definition['States']))
    return [
      {
        code: 'SCHEMA_VALIDATION_FAILED',
        message: 'These required fields are missing: [States, StartAt]',
        location: '/',
      },
    ];
  const diagnostics: Diagnostic[] = aslErrors(schemaView(definition)).map((error) => ({
    code: error['Error code'],
    message: error.Message,
    ...(error.path !== undefined && { location: error.path }),
  }));
  if (diagnostics.length === 0) checkMachine(definition as unknown as Machine, '', 'JSONPath', new Set(), diagnostics);
  return diagnostics;
}

/** What the schema cannot see: expressions that do not parse, variables that shadow, errors no state may name. */
function checkMachine(
  machine: Machine,
  at: string,
  outerLanguage: QueryLanguage,
  outerVariables: ReadonlySet<string>,
  found: Diagnostic[],
): void {
  const language = machine.QueryLanguage ?? outerLanguage;
  const states = Object.entries(machine.States);
  const own = new Set(
    states.flatMap(([, state]) => [state, ...(state.Catch ?? []), ...(state.Choices ?? [])].flatMap(assignedBy)),
  );
  for (const name of own) {
    const refuse = (message: string): unknown =>
      found.push({ code: 'SCHEMA_VALIDATION_FAILED', message, location: `${at}/States` });
    if (outerVariables.has(name)) refuse(`The variable '${name}' is already assigned in an outer scope`);
    if (name.length > MAX_VARIABLE_NAME_LENGTH)
      refuse(`The name of the variable '${name}' is longer than ${MAX_VARIABLE_NAME_LENGTH} characters`);
  }
  const visible = new Set([...outerVariables, ...own]);
  for (const [name, state] of states) {
    const location = `${at}/States/${name}`;
    const stateLanguage = state.QueryLanguage ?? language;
    if (language === 'JSONata' && state.QueryLanguage === 'JSONPath')
      found.push({
        code: 'SCHEMA_VALIDATION_FAILED',
        message: 'A state of a JSONata state machine cannot use JSONPath',
        location: `${location}/QueryLanguage`,
      });
    for (const holder of [state, ...(state.Catch ?? []), ...(state.Choices ?? [])])
      if (holder.Assign !== undefined && !isObject(holder.Assign))
        found.push({
          code: 'SCHEMA_VALIDATION_FAILED',
          message: 'Assign must be an object',
          location: `${location}/Assign`,
        });
    const { Branches, ItemProcessor: _p, Iterator: _i, ...rest } = state;
    checkValues(rest as unknown as Json, stateLanguage, location, found);
    for (const handlers of [state.Retry ?? [], state.Catch ?? []])
      for (const [index, { ErrorEquals }] of handlers.entries())
        if (ErrorEquals.includes('States.ALL') && (ErrorEquals.length > 1 || index < handlers.length - 1))
          found.push({
            code: 'SCHEMA_VALIDATION_FAILED',
            message: "'States.ALL' must appear alone, in the last Retrier or Catcher",
            location,
          });
    for (const [index, branch] of (Branches ?? []).entries())
      checkMachine(branch, `${location}/Branches[${index}]`, language, visible, found);
    const processor = processorOf(state);
    if (processor)
      checkMachine(
        processor,
        `${location}/ItemProcessor`,
        language,
        // Children of a distributed Map see no variables of their parent.
        processor.ProcessorConfig?.Mode === 'DISTRIBUTED' ? new Set() : visible,
        found,
      );
  }
}

const assignedBy = (holder: unknown): string[] =>
  isObject(holder) && isObject(holder['Assign'])
    ? Object.keys(holder['Assign']).map((name) => name.replace(/\.\$$/, ''))
    : [];

function checkValues(value: Json, language: QueryLanguage, location: string, found: Diagnostic[]): void {
  if (isList(value)) value.forEach((item, at) => checkValues(item, language, `${location}[${at}]`, found));
  else if (isObject(value))
    for (const [name, member] of Object.entries(value))
      if (language === 'JSONPath' && name.endsWith('.$') && typeof member === 'string' && !member.startsWith('$'))
        attempt(() => parseIntrinsic(member), `${location}/${name}`, found);
      else checkValues(member, language, `${location}/${name}`, found);
  else if (language === 'JSONata' && typeof value === 'string' && isExpression(value))
    attempt(() => compile(sourceOf(value)), location, found);
}

function attempt(parse: () => unknown, location: string, found: Diagnostic[]): void {
  try {
    parse();
  } catch (error) {
    const { message, code } = error as { message?: string; code?: string };
    found.push({
      code: 'SCHEMA_VALIDATION_FAILED',
      message: `${code ? `${code}: ` : ''}${message ?? String(error)}`,
      location,
    });
  }
}
