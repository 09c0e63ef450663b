/** A column of a query in a set operation. */
export interface ListedColumn {
  readonly name: string;
  readonly type: string;
}
