/** The shapes that checking against a schema and wording its findings have in common. */
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Path } from '../read/located.ts';

/** A JSON Schema, as far as this product looks into one. */
export interface Schema {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /** Of keys that are not among the properties: none, or names that the user chooses with values of this schema. */
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly then?: Schema;
  readonly else?: Schema;
  readonly 'x-old-spellings'?: readonly string[];
  /** Keys that people look for here and that stand somewhere else, and where. */
  readonly 'x-elsewhere'?: { readonly keys: readonly string[]; readonly hint: string };
  readonly [keyword: string]: unknown;
}

export interface SchemaCheck {
  readonly diagnostics: readonly Diagnostic[];
  /** The values that are wrong and must not be looked at further; the empty path is all of them. */
  readonly wrong: readonly Path[];
}
