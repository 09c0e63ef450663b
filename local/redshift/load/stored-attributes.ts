/** What the dialect stored of a column's Redshift declaration. */
export interface StoredAttributes {
  /** The declared type: `character varying(20)`. */
  readonly type: string | undefined;
  readonly identity: 'always' | 'by default' | undefined;
}

export function attributesOf(comment: unknown): StoredAttributes {
  void comment;
  return { type: undefined, identity: undefined };
}
