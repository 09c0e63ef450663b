import type {
  GetStackPolicyInput,
  SetStackPolicyInput,
  UpdateTerminationProtectionInput,
} from '@aws-sdk/client-cloudformation';
import type { Operations } from '../../kernel/index.ts';
import type { Engine } from '../engine/engine.ts';
import { validationError } from '../validation-error.ts';
import { findStack } from './stack-changes.ts';

/** What guards a stack. Policies are kept and shown; this CloudFormation does not hold updates against them. */
export function protection(engine: Engine): Operations {
  return {
    SetStackPolicy: ({ StackName: name, StackPolicyBody: body }: SetStackPolicyInput) => {
      const stack = findStack(engine, name);
      try {
        JSON.parse(body ?? '');
      } catch {
        throw validationError('Error validating stack policy: Invalid stack policy');
      }
      stack.policy = body;
      engine.stacks.save(stack);
      return {};
    },
    GetStackPolicy: ({ StackName: name }: GetStackPolicyInput) => ({
      StackPolicyBody: findStack(engine, name).policy,
    }),
    UpdateTerminationProtection: ({
      StackName: name,
      EnableTerminationProtection: enable,
    }: UpdateTerminationProtectionInput) => {
      const stack = findStack(engine, name);
      stack.terminationProtection = enable ?? false;
      engine.stacks.save(stack);
      return { StackId: stack.id };
    },
  };
}
