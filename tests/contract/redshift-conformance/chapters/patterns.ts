import { fails, gives, type Chapter } from '../chapter.ts';

export const PATTERNS: Chapter = {
  title: 'Pattern-matching conditions',
  page: 'pattern-matching-conditions.html',
  setup: [],
  cases: [
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
