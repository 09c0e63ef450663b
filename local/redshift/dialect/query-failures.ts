import { inRedshiftsNames, type FailureRule } from './failure-rule.ts';
import { SQLSTATE } from './redshift-error.ts';

/** What Redshift says of a call that may be one of several: an operator stands between its operands. */
function ambiguous(call: string): string {
  const [, operator, left, right] = /^([^\w\s("]+)\((.*), ([^,]+)\)$/.exec(call) ?? [];
  return operator === undefined
    ? `function ${call} is not unique`
    : `operator is not unique: ${left} ${operator} ${right}`;
}

/** What a statement as a whole may not do. */
export const QUERY_FAILURES: readonly FailureRule[] = [
  {
    pattern: /Set operations can only apply to expressions with the same number/,
    make: () => [SQLSTATE.syntaxError, 'each UNION query must have the same number of columns'],
  },
  {
    pattern: /Cannot combine types with different collation/,
    make: () => [
      SQLSTATE.notSupported,
      'texts of two collations in one operation are not supported by this stand-in for Amazon Redshift',
      'Give both sides the same one with COLLATE.',
    ],
  },
  {
    pattern: /Malformed JSON at byte/,
    make: () => [
      SQLSTATE.notSupported,
      'a SUPER value beside another is not supported here by this stand-in for Amazon Redshift',
      'Cast the SUPER value first.',
    ],
  },
  {
    pattern: /Cannot perform non-inner join on subquery/,
    make: () => [
      SQLSTATE.notSupported,
      'a sub-query in ON of an outer join is not supported here by this stand-in for Amazon Redshift',
      'Join what a query in FROM computes of it.',
    ],
  },
  {
    pattern: /Subquery returns \d+ columns - expected 1/,
    make: (_match, _failure, written) => [
      SQLSTATE.syntaxError,
      /^(?:not\s+)?in\b/i.test(written) ? 'subquery has too many columns' : 'subquery must return only one column',
    ],
  },
  {
    pattern: /Duplicate CTE name "([^"]*)"/,
    make: ([, name]) => [SQLSTATE.duplicateAlias, `WITH query name "${name}" specified more than once`],
  },
  {
    pattern: /Duplicate column name "([^"]*)" in INSERT/,
    make: ([, name]) => [SQLSTATE.duplicateColumn, `column "${name}" specified more than once`],
  },
  {
    pattern: /Multiple assignments to same column "([^"]*)"/,
    make: ([, name]) => [SQLSTATE.syntaxError, `multiple assignments to same column "${name}"`],
  },
  {
    pattern:
      /aggregate functions are not allowed in (UPDATE|VALUES|RETURNING)|INSERT statement cannot contain aggregates/,
    make: ([, place = 'VALUES']) => [SQLSTATE.grouping, `cannot use aggregate function in ${place}`],
  },
  {
    pattern: /Invalid escape string\./,
    make: () => [SQLSTATE.invalidEscape, 'invalid escape string', 'Escape string must be empty or one character.'],
  },
  {
    pattern: /DEFAULT value cannot contain column names/,
    make: () => [SQLSTATE.invalidColumnReference, 'cannot use column references in default expression'],
  },
  {
    pattern: /GROUP BY clause cannot contain aggregates/,
    make: () => [SQLSTATE.grouping, 'aggregates not allowed in GROUP BY clause'],
  },
  {
    pattern: /Not a function call or value function/,
    make: () => [SQLSTATE.syntaxError, 'syntax error at or near "::"'],
  },
  {
    pattern: /Window function macros must be functions/,
    make: () => [SQLSTATE.syntaxError, 'syntax error at or near "over"'],
  },
  {
    pattern: /Unknown ordered aggregate/,
    make: () => [SQLSTATE.syntaxError, 'syntax error at or near "within"'],
  },
  {
    pattern: /zero-length delimited identifier/,
    make: () => [SQLSTATE.syntaxError, 'zero-length delimited identifier at or near """"'],
  },
  {
    pattern: /frame (?:start|end) cannot be UNBOUNDED (?:FOLLOWING|PRECEDING)/,
    make: ([text]) => [SQLSTATE.windowing, text],
  },
  {
    pattern: /can't be cast to the destination type STRUCT/,
    make: () => [SQLSTATE.undefinedFunction, 'operator does not exist: record = unknown'],
  },
  {
    pattern: /Macro "?<(\S+)>"?\(\) does not support the supplied arguments/,
    make: ([, operator = '']) =>
      operator.includes('%')
        ? [SQLSTATE.syntaxError, 'syntax error at or near "ilike"']
        : [SQLSTATE.undefinedFunction, `operator does not exist: ${operator}`],
  },
  {
    pattern: /Ambiguous reference to table "([^"]*)" \(duplicate alias/,
    make: ([, name = '']) => [
      SQLSTATE.duplicateAlias,
      `table name "${name.split('.').at(-1)}" specified more than once`,
    ],
  },
  {
    pattern: /Cannot pivot on constant value "([^"]*)"/,
    make: ([, value]) => [SQLSTATE.syntaxError, `syntax error at or near "${value}"`],
  },
  {
    pattern: /WHEN (?:NOT )?MATCHED clause was already defined/,
    make: () => [SQLSTATE.syntaxError, 'syntax error at or near "when"'],
  },
  {
    // What its name stands for is what the types of an expression in parentheses are asked by.
    pattern: /\bgreatest is not an aggregate function/,
    make: () => [SQLSTATE.syntaxError, 'syntax error at or near "over"'],
  },
  {
    pattern: /STAR expression is only allowed as the root element/,
    make: () => [SQLSTATE.syntaxError, 'syntax error at or near "*"'],
  },
  {
    pattern: /subqueries in lambda expressions are not supported/,
    make: () => [
      SQLSTATE.notSupported,
      'a sub-query as the argument of a function is not supported here by this stand-in for Amazon Redshift',
      'Compute it by a query in FROM.',
    ],
  },
  {
    pattern: /Function "(?:rs_)?(\w+)" is a \w+ Function\. "DISTINCT"/,
    make: ([, name]) => [SQLSTATE.wrongObjectType, `DISTINCT specified, but ${name} is not an aggregate function`],
  },
  {
    pattern: /More than one row returned by a subquery/,
    make: () => [SQLSTATE.cardinality, 'single-row subquery returns more than one row'],
  },
  {
    pattern: /table "([^"]*)" has \d+ columns available but \d+ columns specified/,
    make: ([text, name]) =>
      name === 'rs_created'
        ? [SQLSTATE.syntaxError, 'CREATE TABLE AS specifies too many column names']
        : [SQLSTATE.invalidColumnReference, text],
  },
  {
    pattern: /More VIEW aliases than columns in query result/,
    make: () => [SQLSTATE.syntaxError, 'CREATE VIEW specifies more column names than columns'],
  },
  {
    pattern: /errhint NOT IMPLEMENTED/,
    make: () => [SQLSTATE.syntaxError, 'LIMIT #,# syntax is not supported', 'Use separate LIMIT and OFFSET clauses.'],
  },
  {
    pattern: /table (\S+) has (\d+) columns but (\d+) values were supplied/,
    make: ([, , columns, values]) => [
      SQLSTATE.syntaxError,
      Number(values) > Number(columns)
        ? 'INSERT has more expressions than target columns'
        : 'INSERT has more target columns than expressions',
    ],
  },
  {
    pattern: /Column with name (\S+) already exists/,
    make: ([, name]) => [SQLSTATE.duplicateColumn, `column "${name?.replaceAll('"', '')}" specified more than once`],
  },
  {
    pattern: /Cannot drop entry "([^"]*)"/,
    make: ([, name]) => [
      SQLSTATE.dependentObjects,
      `cannot drop ${name} because other objects depend on it`,
      'Use DROP ... CASCADE to drop the dependent objects too.',
    ],
  },
  {
    pattern: /Type with name "?([^"\s]+)"? does not exist/,
    make: ([, name]) => [SQLSTATE.undefinedObject, `type "${name}" does not exist`],
  },
  {
    pattern: /Referenced update column "?([^]*?)"? not found in table/,
    make: ([, name]) => [SQLSTATE.undefinedColumn, `column "${name}" does not exist`],
  },
  {
    // No column has the name that the list gives to what it reads from it.
    pattern: /Alias with name "([^"]*)" exists, but aliases cannot be used as part of an expression in the GROUP BY/,
    make: ([, name]) => [SQLSTATE.undefinedColumn, `column "${name}" does not exist`],
  },
  {
    pattern: /Column "([^]*)" referenced that exists in the SELECT clause/,
    make: ([, name]) => [SQLSTATE.undefinedColumn, `column "${name?.toLowerCase()}" does not exist`],
  },
  {
    pattern: /Column "([^]*?)" does not exist on (left|right) side of join/,
    make: ([, name, side]) => [
      SQLSTATE.undefinedColumn,
      `column "${name}" specified in USING clause does not exist in ${side} table`,
    ],
  },
  {
    pattern: /Cannot extract field '([^]*?)' from expression "([^]*?)" because it is not a struct/,
    make: ([, field, value = '']) => [
      SQLSTATE.wrongObjectType,
      `column notation .${field} applied to ${/^\w+$/.test(value) ? `"${value}"` : 'a value'}, which is not a composite type`,
    ],
  },
  {
    pattern: /Table must have at least one column/,
    make: () => [SQLSTATE.invalidTableDefinition, 'tables must have at least one column'],
  },
  {
    pattern: /SELECT clause without selection list/,
    make: () => [SQLSTATE.syntaxError, 'syntax error at end of input'],
  },
  {
    pattern: /(ORDER|GROUP) BY non-integer literal/,
    make: ([, clause]) => [SQLSTATE.syntaxError, `non-integer constant in ${clause} BY`],
  },
  {
    pattern: /Expected a constant as type modifier/,
    make: () => [SQLSTATE.syntaxError, 'a type modifier must be a constant'],
  },
  {
    pattern: /QUANTILE can only take constant parameters/,
    make: () => [SQLSTATE.invalidParameter, 'the fraction of a percentile must be a constant'],
  },
  {
    pattern: /Argument for ntile must be greater than zero/,
    make: () => [SQLSTATE.invalidNtile, 'argument of ntile must be greater than zero'],
  },
  {
    pattern: /LIMIT\/OFFSET cannot be negative/,
    make: () => [SQLSTATE.invalidParameter, 'LIMIT and OFFSET must not be negative'],
  },
  {
    pattern: /frame starting from (?:following|current) row cannot have preceding rows/,
    make: ([text]) => [SQLSTATE.windowing, text],
  },
  {
    pattern: /Circular reference to CTE "([^"]*)"/,
    make: ([, name]) => [SQLSTATE.undefinedTable, `relation "${name}" does not exist`, 'Write WITH RECURSIVE.'],
  },
  {
    pattern: /Column name\/value mismatch for insert on [^]*: expected (\d+) columns but (\d+) values/,
    make: ([, columns, values]) => [
      SQLSTATE.syntaxError,
      Number(columns) > Number(values)
        ? 'INSERT has more target columns than expressions'
        : 'INSERT has more expressions than target columns',
    ],
  },
  {
    pattern: /json_object\(\) requires an even number of arguments/,
    make: () => [SQLSTATE.invalidParameter, 'OBJECT takes an even number of arguments: names and values by turns'],
  },
  {
    pattern: /json_object\(\) keys must be VARCHAR/,
    make: () => [SQLSTATE.invalidParameter, 'a name of an attribute in OBJECT must be a text'],
  },
  {
    pattern: /Could not choose a best candidate function for the function call "json_(?:type|array_length|keys)\(/,
    make: () => [SQLSTATE.datatypeMismatch, 'the argument is not of type SUPER', 'Cast it: value::super.'],
  },
  {
    pattern: /Expected ARRAY, but got/,
    make: () => [SQLSTATE.invalidParameter, 'the SUPER value is not an array'],
  },
  {
    pattern: /Macro "?(?:rs_)?(\w+)"?\(\) does not support the supplied arguments/,
    make: ([, name]) => [
      SQLSTATE.undefinedFunction,
      `function ${name}() does not exist`,
      'No function matches the given name and argument types. You may need to add explicit type casts.',
    ],
  },
  {
    pattern: /\* expression without FROM clause/,
    make: () => [SQLSTATE.syntaxError, 'SELECT * with no tables specified is not valid'],
  },
  {
    pattern: /Could not choose a best candidate function for the function call "([^"]*)"/,
    make: ([, call = '']) => [
      SQLSTATE.ambiguousFunction,
      ambiguous(inRedshiftsNames(call)),
      'You may need to add explicit type casts.',
    ],
  },
  {
    pattern: /VALUES lists must all be the same length/,
    make: ([text]) => [SQLSTATE.syntaxError, text],
  },
  {
    pattern: /cannot be applied to a star expression/,
    make: () => [SQLSTATE.syntaxError, 'syntax error at or near "*"'],
  },
  {
    pattern: /(ORDER|GROUP BY) term out of range/,
    make: ([, clause = ''], _failure, written) => [
      SQLSTATE.invalidColumnReference,
      `${clause.replace(' BY', '')} BY position ${/^\d+/.exec(written)?.[0] ?? ''} is not in select list`.replace(
        '  ',
        ' ',
      ),
    ],
  },
  // What DuckDB makes of a parameter that no PREPARE declares.
  {
    pattern:
      /Attempted to dereference unique_ptr|Expected \d+ parameters, but none were supplied|Values were not provided for the following prepared statement parameters: (\d+)/,
    make: ([, number = '1']) => [SQLSTATE.undefinedParameter, `there is no parameter $${number}`],
  },
  { pattern: /Invalid Input Error: (.*)/, make: ([, text = '']) => [SQLSTATE.invalidParameter, text] },
];
