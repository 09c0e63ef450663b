import type {
  CreateStateMachineInput,
  CreateStateMachineOutput,
  DeleteStateMachineInput,
  DescribeStateMachineForExecutionInput,
  DescribeStateMachineForExecutionOutput,
  DescribeStateMachineInput,
  DescribeStateMachineOutput,
  ListStateMachinesInput,
  ListStateMachinesOutput,
  LoggingConfiguration,
  Tag,
  TracingConfiguration,
  UpdateStateMachineInput,
  UpdateStateMachineOutput,
  ValidateStateMachineDefinitionInput,
  ValidateStateMachineDefinitionOutput,
} from '@aws-sdk/client-sfn';
import { AwsError, required, type Cloud, type Operations } from '../../kernel/index.ts';
import type { Executions } from '../executions/executions.ts';
import { checkArn, nameIn } from '../executions/record.ts';
import { validateDefinition } from '../language/validate.ts';
import { checkName } from './name.ts';
import { page } from './page.ts';

const KIND = 'states/machine';
const DEFAULT_LOGGING: LoggingConfiguration = { level: 'OFF', includeExecutionData: false };

/** A state machine as it is kept. Times are milliseconds. */
export interface MachineRecord {
  readonly arn: string;
  readonly name: string;
  definition: string;
  roleArn: string;
  readonly creationDate: number;
  updateDate?: number;
  revisionId: string;
  loggingConfiguration: LoggingConfiguration;
  tracingConfiguration: TracingConfiguration;
  tags: Tag[];
}

/** The machine. @throws AwsError `InvalidArn`, `StateMachineDoesNotExist` */
export function findMachine(cloud: Cloud, arn: string | undefined): MachineRecord {
  const wanted = required(arn, 'stateMachineArn');
  checkArn(wanted, 'stateMachine');
  const machine = cloud.documents.get<MachineRecord>(KIND, wanted);
  if (!machine) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${wanted}'`);
  return machine;
}

/** Where a machine's executions are logged; a distributed Map's children are logged with their parent's. */
export function loggingOf(cloud: Cloud, stateMachineArn: string): LoggingConfiguration | undefined {
  const arn = stateMachineArn.replace(/\/.*$/, '');
  let known = loggings.get(cloud);
  if (!known) loggings.set(cloud, (known = new Map()));
  if (!known.has(arn)) known.set(arn, cloud.documents.get<MachineRecord>(KIND, arn)?.loggingConfiguration);
  return known.get(arn);
}

/** Asked for at the end of every execution, and a machine's record is mostly its definition: what was read, until a machine changes. */
const loggings = new WeakMap<Cloud, Map<string, LoggingConfiguration | undefined>>();

export function saveMachine(cloud: Cloud, machine: MachineRecord): void {
  loggings.delete(cloud);
  cloud.documents.put(KIND, machine.arn, machine);
}

function checkDefinition(definition: string): void {
  const diagnostics = validateDefinition(definition);
  if (diagnostics.length === 0) return;
  const text = diagnostics.map(
    ({ code, message, location }) => `${code}: ${message}${location ? ` at ${location}` : ''}`,
  );
  throw new AwsError('InvalidDefinition', `Invalid State Machine Definition: '${text.join(', ')}'`);
}

function checkRole(roleArn: string): void {
  if (!/^arn:[\w-]+:iam::\d{12}:role\/.+$/.test(roleArn)) throw new AwsError('InvalidArn', `Invalid Arn: '${roleArn}'`);
}

function refuse(what: string): never {
  throw new AwsError('ValidationException', `${what} is not implemented by the local cloud`);
}

export function machineOperations(cloud: Cloud, executions: Executions): Operations {
  return {
    CreateStateMachine: (input: CreateStateMachineInput): CreateStateMachineOutput => {
      const name = checkName(required(input.name, 'name'));
      const definition = required(input.definition, 'definition');
      const roleArn = required(input.roleArn, 'roleArn');
      if (input.type === 'EXPRESS')
        throw new AwsError('StateMachineTypeNotSupported', 'The local cloud runs STANDARD state machines only');
      if (input.publish) refuse('Publishing a version (publish)');
      if (input.encryptionConfiguration?.type === 'CUSTOMER_MANAGED_KMS_KEY')
        refuse('Encryption with a customer managed key');
      checkRole(roleArn);
      checkDefinition(definition);
      const arn = cloud.arn('states', `stateMachine:${name}`);
      const known = cloud.documents.get<MachineRecord>(KIND, arn);
      if (known) {
        // Creating is idempotent for the same machine.
        if (known.definition === definition && known.roleArn === roleArn)
          return { stateMachineArn: arn, creationDate: new Date(known.creationDate) };
        throw new AwsError('StateMachineAlreadyExists', `State Machine Already Exists: '${arn}'`);
      }
      const machine: MachineRecord = {
        arn,
        name,
        definition,
        roleArn,
        creationDate: cloud.clock.now(),
        revisionId: cloud.ids.uuid(),
        loggingConfiguration: input.loggingConfiguration ?? DEFAULT_LOGGING,
        tracingConfiguration: input.tracingConfiguration ?? { enabled: false },
        tags: input.tags ?? [],
      };
      saveMachine(cloud, machine);
      return { stateMachineArn: arn, creationDate: new Date(machine.creationDate) };
    },

    UpdateStateMachine: (input: UpdateStateMachineInput): UpdateStateMachineOutput => {
      const machine = findMachine(cloud, input.stateMachineArn);
      if (input.publish) refuse('Publishing a version (publish)');
      const { definition, roleArn, loggingConfiguration, tracingConfiguration } = input;
      if (definition === undefined && roleArn === undefined && !loggingConfiguration && !tracingConfiguration)
        throw new AwsError(
          'MissingRequiredParameter',
          'Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified',
        );
      if (roleArn !== undefined) checkRole(roleArn);
      if (definition !== undefined) checkDefinition(definition);
      machine.definition = definition ?? machine.definition;
      machine.roleArn = roleArn ?? machine.roleArn;
      machine.loggingConfiguration = loggingConfiguration ?? machine.loggingConfiguration;
      machine.tracingConfiguration = tracingConfiguration ?? machine.tracingConfiguration;
      machine.updateDate = cloud.clock.now();
      machine.revisionId = cloud.ids.uuid();
      saveMachine(cloud, machine);
      return { updateDate: new Date(machine.updateDate), revisionId: machine.revisionId };
    },

    /** Running executions of a deleted machine go on to their end, as AWS's do for a while. */
    DeleteStateMachine: (input: DeleteStateMachineInput) => {
      const arn = required(input.stateMachineArn, 'stateMachineArn');
      checkArn(arn, 'stateMachine');
      loggings.delete(cloud);
      cloud.documents.delete(KIND, arn);
      return {};
    },

    DescribeStateMachine: (input: DescribeStateMachineInput): DescribeStateMachineOutput => {
      const machine = findMachine(cloud, input.stateMachineArn);
      return {
        stateMachineArn: machine.arn,
        name: machine.name,
        status: 'ACTIVE',
        definition: machine.definition,
        roleArn: machine.roleArn,
        type: 'STANDARD',
        creationDate: new Date(machine.creationDate),
        loggingConfiguration: machine.loggingConfiguration,
        tracingConfiguration: machine.tracingConfiguration,
        revisionId: machine.revisionId,
      };
    },

    ListStateMachines: (input: ListStateMachinesInput): ListStateMachinesOutput => {
      const machines = cloud.documents.list<MachineRecord>(KIND).map(({ document }) => ({
        stateMachineArn: document.arn,
        name: document.name,
        type: 'STANDARD' as const,
        creationDate: new Date(document.creationDate),
      }));
      const { items, nextToken } = page(machines, input);
      return { stateMachines: items, ...(nextToken !== undefined && { nextToken }) };
    },

    DescribeStateMachineForExecution: (
      input: DescribeStateMachineForExecutionInput,
    ): DescribeStateMachineForExecutionOutput => {
      const arn = required(input.executionArn, 'executionArn');
      checkArn(arn, 'execution');
      const record = executions.find(arn);
      if (!record) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
      const machine = cloud.documents.get<MachineRecord>(KIND, record.stateMachineArn);
      const label = /:execution:[^:/]+\/([^:]+):/.exec(arn)?.[1];
      return {
        stateMachineArn: record.stateMachineArn,
        name: nameIn(record.stateMachineArn),
        definition: record.definition,
        roleArn: record.roleArn,
        updateDate: new Date(machine?.updateDate ?? machine?.creationDate ?? record.startDate),
        loggingConfiguration: machine?.loggingConfiguration ?? DEFAULT_LOGGING,
        tracingConfiguration: machine?.tracingConfiguration ?? { enabled: false },
        revisionId: record.revisionId,
        ...(record.mapRunArn !== undefined && { mapRunArn: record.mapRunArn }),
        ...(label !== undefined && { label }),
      };
    },

    ValidateStateMachineDefinition: (
      input: ValidateStateMachineDefinitionInput,
    ): ValidateStateMachineDefinitionOutput => {
      const diagnostics = validateDefinition(required(input.definition, 'definition'));
      const most = input.maxResults || 100;
      return {
        result: diagnostics.length === 0 ? 'OK' : 'FAIL',
        diagnostics: diagnostics.slice(0, most).map((diagnostic) => ({ severity: 'ERROR', ...diagnostic })),
        truncated: diagnostics.length > most,
      };
    },
  };
}
