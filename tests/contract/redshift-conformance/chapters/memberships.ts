import { fails, gives, runs, type Chapter } from '../chapter.ts';

/** https://docs.aws.amazon.com/redshift/latest/dg/r_ROLE_IS_MEMBER_OF.html and its neighbours. */
export const MEMBERSHIPS: Chapter = {
  title: 'Who is in which role and group; what routines take',
  page: 'r_USER_IS_MEMBER_OF.html',
  setup: [
    'create user reguser password disable',
    'create user other password disable',
    'create role role1',
    'create role role2',
    'create role outer_role',
    'create group staff with user reguser',
    'create function f_two (int, varchar) returns int stable as $$ select $1 $$ language sql',
  ],
  cases: [
    gives("select user_is_member_of('reguser', 'role1')", ['user_is_member_of bool'], ['false']),
    runs('grant role role1 to reguser'),
    gives("select user_is_member_of('reguser', 'role1')", ['user_is_member_of bool'], ['true']),
    gives(
      "select user_is_member_of('reguser', 'staff') as a, user_is_member_of('other', 'staff') as b",
      ['a bool', 'b bool'],
      ['true', 'false'],
    ),
    gives("select role_is_member_of('role1', 'role2')", ['role_is_member_of bool'], ['false']),
    runs('grant role outer_role to role role2'),
    gives("select role_is_member_of('role2', 'outer_role')", ['role_is_member_of bool'], ['true']),
    fails(
      "select user_is_member_of('reguser', 'outer_role')",
      '0A000',
      'membership in a role that is granted to other roles',
    ),
    fails("select user_is_member_of('nobody', 'role1')", '42704', 'user "nobody" does not exist'),
    fails("select user_is_member_of('reguser', 'nothing')", '42704', 'role "nothing" does not exist'),
    fails("select role_is_member_of('role1', 'staff')", '42704', 'role "staff" does not exist'),
    // Of an identity provider, which there is none of.
    gives('select * from pg_get_session_roles() as sess_roles(name name, roleid integer)', [
      'name varchar',
      'roleid int4',
    ]),
    gives('select last_user_query_id()', ['last_user_query_id int4'], ['-1']),
    // An oidvector counts from 0.
    gives(
      "select proargtypes[0] as a, p.proargtypes[1] as b, proargtypes[2] as c from pg_proc p where proname = 'f_two'",
      ['a int8', 'b int8', 'c int8'],
      ['23', '1043', null],
    ),
    // Arrays count from 1.
    gives('select conkey[1] from pg_constraint', ['conkey int2']),
    gives('select grolist[1] from pg_group', ['grolist int4'], ['101']),
    gives('select indkey[0] from pg_index', ['indkey int4']),
    gives('show use', ['use database varchar'], ['']),
    fails('use nothing', '3D000', 'database "nothing" does not exist'),
  ],
};
