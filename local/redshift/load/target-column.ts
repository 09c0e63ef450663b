import type { ColumnType } from './column-type.ts';

export interface TargetColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly notNull: boolean;
  readonly hasDefault: boolean;
  readonly identity: 'always' | 'by default' | undefined;
}
