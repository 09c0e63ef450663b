import { AwsError } from '../../kernel/index.ts';
import { MAX_NAME_LENGTH } from '../limits.ts';

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html#StepFunctions-CreateStateMachine-request-name */
// oxlint-disable-next-line no-control-regex -- control characters are among what AWS refuses
const REFUSED = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f\ufffe\uffff]/;

/** The name, if AWS would take it. @throws AwsError `InvalidName` */
export function checkName(name: string): string {
  if (name.length === 0 || name.length > MAX_NAME_LENGTH || REFUSED.test(name))
    throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
  return name;
}
