import { fails, gives, type Chapter } from '../chapter.ts';

/** The examples of REGEXP_COUNT and its like. */
const PERL = (call: string): string =>
  call.replace('#', "'passwd7 plain A1234 a1234', '(?=[^ ]*[a-z])(?=[^ ]*[0-9])[^ ]+'");

export const PATTERNS: Chapter = {
  title: 'Pattern-matching conditions',
  page: 'pattern-matching-conditions.html',
  setup: [],
  cases: [
    // r_patternmatching_condition_like: ILIKE ignores the case of letters of ASCII
    gives(
      "select 'É' ilike 'é' as a, 'École' ilike 'É%LE' as b, 'É' not ilike 'é' as n, 'xé.y' ilike 'X_.Y' as u, 'aé%b' ilike 'Aé^%B' escape '^' as e",
      ['a bool', 'b bool', 'n bool', 'u bool', 'e bool'],
      ['false', 'true', 'true', 'true', 'true'],
    ),
    gives(
      "select 'start_end' like '%start\\\\_%' as escaped, 'startend' like 'start\\\\_%' as literal, 'a%b' like 'a^%b' escape '^' as own",
      ['escaped bool', 'literal bool', 'own bool'],
      ['true', 'false', 'true'],
    ),
    gives(
      "select 'Anna' ilike 'a%' as i, 'foobar' ~ 'o{2}' as r, 'foobar' !~ '^bar' as n, 'FOO' ~* 'foo' as c",
      ['i bool', 'r bool', 'n bool', 'c bool'],
      ['true', 'true', 'true', 'true'],
    ),
    gives(
      "select 'Berlin' similar to '(B|C)%n' as s, 'a.c' similar to 'a.c' as dot, 'abc' similar to 'a.c' as any_char, 'x' not similar to 'y' as n",
      ['s bool', 'dot bool', 'any_char bool', 'n bool'],
      ['true', 'true', 'false', 'true'],
    ),
    gives(
      "select regexp_substr('foo@example.com', '@[^.]*') as s, regexp_replace('the fox', '[aeiou]', '*') as r, regexp_count('abcabc', 'c') as c",
      ['s varchar', 'r varchar', 'c int4'],
      ['@example', 'th* f*x', '2'],
    ),
    fails("select 'a' ~ '(?=a)'", '2201B', 'Invalid'),
    // Perl's patterns look around, and refer back.
    gives(
      `select ${PERL("regexp_count(#, 1, 'p')")} as n, ${PERL("regexp_count(#, 1, 'ip')")} as i, ${PERL("regexp_instr(#, 1, 2, 0, 'p')")} as at,
        ${PERL("regexp_instr(#, 1, 2, 1, 'ip')")} as behind, ${PERL("regexp_substr(#, 1, 2, 'p')")} as s, ${PERL("regexp_replace(#, '[hidden]', 1, 'p')")} as r`,
      ['n int4', 'i int4', 'at int4', 'behind int4', 's varchar', 'r varchar'],
      ['2', '3', '21', '20', 'a1234', '[hidden] plain A1234 [hidden]'],
    ),
    gives(
      `select regexp_substr(s, p, 1, 1, 'p') as s, regexp_instr(s, p, 1, 1, 0, 'p') as at, regexp_count(s, p, 1, 'p') as n, regexp_replace(s, p, '<$1$&>', 1, 'p') as r
        from (select 1 as id, 'é😀x1 y2' as s, '(?<=😀)(x)' as p union all select 2, 'abba', '(.)\\\\1' union all select 3, null, 'a' union all select 4, 'a_1', '(?<=\\\\_)[[:digit:]]$') q
        order by id`,
      ['s varchar', 'at int4', 'n int4', 'r varchar'],
      ['x', '3', '1', 'é😀<x$&>1 y2'],
      ['bb', '2', '1', 'a<b$&>a'],
      [null, null, null, null],
      ['1', '3', '1', 'a_<$&>'],
    ),
    gives("select regexp_substr('key=val', '(?<=key)=(\\\\w+)', 1, 1, 'ep') as v", ['v varchar'], ['val']),
    fails("select regexp_substr('aab', '(?>a+)(?=b)', 1, 1, 'p')", '0A000', 'the pattern (?>a+)(?=b)'),
    fails(
      `select regexp_substr('${'a'.repeat(40)}b', '(?=(a+)+$)a', 1, 1, 'p')`,
      '54001',
      'a pattern takes too long to be matched',
    ),
    gives(
      "select p, 'abc' similar to p || '%' as s from (select 'a' as p union all select 'x' union all select 'a.' union all select '(x|ab)') as q order by p",
      ['p varchar', 's bool'],
      ['(x|ab)', 'true'],
      ['a', 'true'],
      ['a.', 'false'],
      ['x', 'false'],
    ),
    fails("select 'abc' similar to '[a]' || '%'", '0A000', 'SIMILAR TO with a computed pattern'),
  ],
};
