type States = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
interface Machine {
  readonly States: States;
}

/**
 * The statement machine as a loop that waits the same time between two looks: the shipped one's Submit, which waits for nothing, then Wait and
 * DescribeStatement, the latter without a function, until the statement is over; the shipped Check then keeps what it left behind.
 */
export function fixedLoop(shipped: unknown, seconds: number): unknown {
  const machine = shipped as Machine;
  const { Submit, Check, IsFinished, WaitToSubmit, Done } = machine.States;
  const { Arguments } = Submit as { readonly Arguments: object };
  return {
    ...machine,
    States: {
      Submit: { ...Submit, Arguments: { ...Arguments, pollSeconds: 0 }, Next: 'IsSubmitted' },
      IsSubmitted: {
        Type: 'Choice',
        Choices: [{ Condition: "{% $statement.status = 'DONE' %}", Next: 'Done' }],
        Default: 'WaitToLook',
      },
      WaitToLook: { Type: 'Wait', Seconds: seconds, Next: 'Look' },
      Look: {
        Type: 'Task',
        Resource: 'arn:aws:states:::aws-sdk:redshiftdata:describeStatement',
        Arguments: { Id: '{% $statement.statementId %}' },
        Output: { status: '{% $states.result.Status %}' },
        Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, BackoffRate: 2, MaxAttempts: 20 }],
        Next: 'IsOver',
      },
      IsOver: {
        Type: 'Choice',
        Choices: [
          { Condition: "{% $states.input.status in ['SUBMITTED', 'PICKED', 'STARTED'] %}", Next: 'WaitToLook' },
        ],
        Default: 'Check',
      },
      Check,
      IsFinished: {
        Type: 'Choice',
        Choices: (IsFinished as { Choices: readonly unknown[] }).Choices.slice(0, 2),
        Default: 'WaitToLook',
      },
      WaitToSubmit,
      Done,
    },
  };
}
