/** A YAML file as it is written, comments and blank lines included, for the formatter. */

export interface WrittenComment {
  /** From the number sign on, without blanks at its end. */
  readonly text: string;
  /** A blank line stands above it. */
  readonly blankBefore: boolean;
}

/** A key with its value, or an item of a list. */
export interface WrittenEntry {
  /** The key as it is to be written; null for an item. */
  readonly key: string | null;
  /** The key without quotes; null for an item. */
  readonly name: string | null;
  /** Comments on lines of their own above it. */
  before: WrittenComment[];
  /** A blank line stands right above it. */
  readonly blankBefore: boolean;
  /** The comment that ends the line of the key, or of a value that needs no further lines. */
  trailing: string | null;
  readonly value: WrittenNode;
}

export type WrittenNode = WrittenScalar | WrittenCollection;

export interface WrittenScalar {
  readonly kind: 'scalar';
  /** Ready to be written, with its anchor; empty for a value that is not there. An alias is one, too. */
  readonly text: string;
  /** The lines below the head (`|`, `>-`) of a text over several lines, without their indentation. */
  readonly lines: readonly string[] | null;
}

export interface WrittenCollection {
  readonly kind: 'mapping' | 'list';
  /** It stands in brackets. */
  readonly flow: boolean;
  /** `&name`, or null. */
  readonly anchor: string | null;
  readonly entries: readonly WrittenEntry[];
  /** Comments behind the last entry. */
  readonly end: readonly WrittenComment[];
}

export interface WrittenFile {
  readonly root: WrittenCollection;
  /** Some value has a name (`&name`) that others refer to, so no value may change its place. */
  readonly hasAnchors: boolean;
}
