import type { GetTemplateInput, GetTemplateSummaryInput, ValidateTemplateInput } from '@aws-sdk/client-cloudformation';
import type { CallContext, Operations } from '../../kernel/index.ts';
import { requiredCapabilities } from '../capabilities.ts';
import { checkTemplate } from '../deployment.ts';
import type { Engine } from '../engine/engine.ts';
import { isNoEcho } from '../template/parameters.ts';
import { parseTemplate } from '../template/parse.ts';
import type { Template } from '../template/template.ts';
import { templateText } from '../template-source.ts';
import { findStack } from './stack-changes.ts';

function capabilities(template: Template) {
  const { capability, reason } = requiredCapabilities(template);
  return capability === undefined ? {} : { Capabilities: [capability], CapabilitiesReason: reason };
}

const text = (value: unknown): string | undefined =>
  value === undefined || value === null ? undefined : String(value);

export function templates(engine: Engine): Operations {
  return {
    GetTemplate: ({ StackName: name, ChangeSetName: changeSet }: GetTemplateInput) => {
      if (changeSet !== undefined) {
        const found = engine.cloud.documents
          .list<{ readonly id: string; readonly name: string; readonly deployment: { readonly templateText: string } }>(
            'cloudformation.change-set',
          )
          .find(({ document }) => document.id === changeSet || document.name === changeSet);
        if (found)
          return { TemplateBody: found.document.deployment.templateText, StagesAvailable: ['Original', 'Processed'] };
      }
      const stack = findStack(engine, name);
      return { TemplateBody: stack.current.templateText, StagesAvailable: ['Original', 'Processed'] };
    },

    GetTemplateSummary: async (input: GetTemplateSummaryInput, { caller }: CallContext) => {
      const stack = input.StackName === undefined ? undefined : findStack(engine, input.StackName);
      const { text: body, source } = stack
        ? ({ text: stack.current.templateText, source: 's3' } as const)
        : await templateText(engine.cloud, input, caller);
      const parsed = parseTemplate(body, source);
      const template = checkTemplate(engine, parsed);
      return {
        Parameters: Object.entries(template.parameters).map(([key, definition]) => ({
          ParameterKey: key,
          ParameterType: text(definition['Type']),
          NoEcho: isNoEcho(definition),
          DefaultValue: text(definition['Default']),
          Description: text(definition['Description']),
          ParameterConstraints: {
            ...(Array.isArray(definition['AllowedValues']) && {
              AllowedValues: definition['AllowedValues'].map(String),
            }),
          },
        })),
        Description: template.description,
        ResourceTypes: Object.values(template.resources).map(({ type }) => type),
        Version: text(parsed['AWSTemplateFormatVersion']),
        Metadata: template.metadata === undefined ? undefined : JSON.stringify(template.metadata),
        ...capabilities(template),
      };
    },

    ValidateTemplate: async (input: ValidateTemplateInput, { caller }: CallContext) => {
      const { text: body, source } = await templateText(engine.cloud, input, caller);
      const template = checkTemplate(engine, parseTemplate(body, source));
      return {
        Parameters: Object.entries(template.parameters).map(([key, definition]) => ({
          ParameterKey: key,
          DefaultValue: text(definition['Default']),
          NoEcho: isNoEcho(definition),
          Description: text(definition['Description']),
        })),
        Description: template.description,
        ...capabilities(template),
      };
    },
  };
}
