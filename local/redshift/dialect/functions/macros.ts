/** `CREATE MACRO` statements for everything the functions of this folder use. */
export const MACROS: readonly string[] = [];
