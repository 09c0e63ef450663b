import type { Target } from '@aws-sdk/client-eventbridge';
import { isObject, type Json, type JsonObject } from '../../states/json.ts';
import { find, parsePath } from '../../states/jsonpath/path.ts';
import type { BusEvent } from '../event.ts';

/** Names EventBridge gives values to itself. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html */
interface RuleNames {
  readonly ruleArn: string;
  readonly ruleName: string;
}

/** What a target gets: the event, a part of it, a constant, or a filled template. */
export function targetInput(target: Target, event: BusEvent, rule: RuleNames): string {
  if (target.Input !== undefined) return target.Input;
  const json = event as unknown as Json;
  if (target.InputPath !== undefined) return JSON.stringify(find(parsePath(target.InputPath), json)[0] ?? null);
  const transformer = target.InputTransformer;
  if (!transformer) return JSON.stringify(event);
  const values: Record<string, Json | undefined> = {
    'aws.events.rule-arn': rule.ruleArn,
    'aws.events.rule-name': rule.ruleName,
    'aws.events.event.ingestion-time': event.time,
    'aws.events.event': withoutDetail(event),
    'aws.events.event.json': json,
  };
  for (const [name, path] of Object.entries(transformer.InputPathsMap ?? {}))
    values[name] = find(parsePath(path), json)[0];
  return fill(transformer.InputTemplate ?? '', values);
}

/** `<aws.events.event>` is the event without its detail. */
function withoutDetail(event: BusEvent): JsonObject {
  const { detail: _, ...rest } = event;
  return rest;
}

/**
 * Replaces `<name>`. Inside a JSON string the value's text is put, escaped; elsewhere its JSON, or bare text where the template is no JSON.
 * What the event does not have becomes an empty text or `null`.
 */
function fill(template: string, values: Readonly<Record<string, Json | undefined>>): string {
  const json = looksLikeJson(template);
  let quoted = false;
  return template.replace(/\\.|"|<([\w.-]+)>/gs, (found, name: string | undefined) => {
    if (found === '"') quoted = !quoted;
    if (name === undefined || !Object.hasOwn(values, name)) return found;
    const value = values[name];
    if (quoted) {
      const text = value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
      return isObject(value) || Array.isArray(value) ? text.replaceAll('"', '\\"') : JSON.stringify(text).slice(1, -1);
    }
    if (typeof value === 'string' && !json) return value;
    return value === undefined ? 'null' : JSON.stringify(value);
  });
}

const looksLikeJson = (template: string): boolean => /^\s*[{["<]/.test(template);
