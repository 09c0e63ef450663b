/** Words that stand between two queries of one statement. */
export const SET_OPERATIONS: readonly string[] = ['UNION', 'INTERSECT', 'EXCEPT', 'MINUS'];

/** Words that begin what belongs to a set operation as a whole. */
export const AFTER_BRANCHES: readonly string[] = ['ORDER', 'LIMIT', 'OFFSET', 'FETCH'];

/** Words that begin a clause after WHERE, and can be nothing else there. */
const LATER_CLAUSES = ['GROUP', 'HAVING', 'QUALIFY', 'WINDOW', ...AFTER_BRANCHES];

/** What ends the condition of WHERE. CONNECT and START are names, too, where BY and WITH do not follow. */
export const AFTER_WHERE: readonly string[] = [...LATER_CLAUSES, 'CONNECT', 'START', ...SET_OPERATIONS];

/** What ends the list of a FROM clause. */
export const AFTER_FROM: readonly string[] = ['WHERE', ...AFTER_WHERE];

/** What ends a clause of a query that CONNECT BY and START WITH do not follow. */
export const CLAUSE_ENDS: readonly string[] = ['WHERE', ...LATER_CLAUSES, ...SET_OPERATIONS];

/** What ends the list of a SELECT. */
export const AFTER_SELECT_LIST: readonly string[] = ['FROM', 'INTO', ...CLAUSE_ENDS];

/** Words a join begins with. */
export const JOIN_BEGINS: readonly string[] = ['NATURAL', 'INNER', 'LEFT', 'RIGHT', 'FULL', 'OUTER', 'CROSS', 'JOIN'];

/** Words that end the table of a join. */
export const JOIN_WORDS: readonly string[] = [...JOIN_BEGINS, 'ON', 'USING'];

/** What may stand after a table, so that it is no alias of it. */
export const NO_ALIAS: readonly string[] = [...JOIN_WORDS, 'PIVOT', 'UNPIVOT', 'AT', 'TABLESAMPLE'];
