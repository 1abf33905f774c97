/** Holds the shape of each file against its JSON Schema. */
import { readFileSync } from 'node:fs';
import { type ErrorObject, type ValidateFunction, Ajv2020 as Validator } from 'ajv/dist/2020.js';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Kind } from './kinds.ts';
import type { Located, Path } from './located.ts';
import { findingsOf } from './schema-findings.ts';

/** A JSON Schema, as far as this product looks into one. */
export interface Schema {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly items?: Schema;
  readonly then?: Schema;
  readonly else?: Schema;
  readonly 'x-old-spellings'?: readonly string[];
  readonly [keyword: string]: unknown;
}

/** Our own keywords: annotations for people and for the diagnostics. */
export const annotations = ['x-expected', 'x-form', 'x-unit', 'x-restart', 'x-old-spellings'];

export interface SchemaCheck {
  readonly diagnostics: readonly Diagnostic[];
  /** The values that are wrong and must not be looked at further; the empty path is all of them. */
  readonly wrong: readonly Path[];
}

const validators = new Map<Kind, ValidateFunction>();

/** Lists at most `findingsLimit` findings. */
export function checkSchema(kind: Kind, root: Located, findingsLimit: number): SchemaCheck {
  const validate = validatorFor(kind);
  if (validate(root.value)) return { diagnostics: [], wrong: [] };
  return findingsOf(validate.errors as ErrorObject[], root, findingsLimit);
}

export function readSchema(kind: Kind): Schema {
  // The same depth below the project in src/ and in any compiled copy of it, with the output folder in between.
  const path = new URL(`../../../schemas/${kind}.schema.json`, import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8')) as Schema;
}

function validatorFor(kind: Kind): ValidateFunction {
  const known = validators.get(kind);
  if (known !== undefined) return known;
  const ajv = new Validator({
    allErrors: true,
    verbose: true,
    strict: true,
    strictTypes: false,
    strictRequired: false,
  });
  ajv.addVocabulary(annotations);
  const validate = ajv.compile(readSchema(kind));
  validators.set(kind, validate);
  return validate;
}
