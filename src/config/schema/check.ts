/** Holds the shape of each file against its JSON Schema. */
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import type { Kind } from '../kinds.ts';
import type { Located } from '../read/located.ts';
import { findingsOf } from './findings.ts';
import { SchemaTests } from './fits.ts';
import { readSchema, schemaFile } from './read.ts';
import type { Schema, SchemaCheck } from './types.ts';
import { unusualNumbers } from './unusual-numbers.ts';
import { makeValidator } from './validator.ts';

interface Checked {
  readonly schema: Schema;
  readonly tests: SchemaTests;
}

const schemas = new Map<Kind, Checked>();
const validators = new Map<Kind, ValidateFunction>();

/** Lists at most `findingsLimit` findings. */
export function checkSchema(kind: Kind, root: Located, findingsLimit: number): SchemaCheck {
  const { schema, tests } = checkedBy(kind);
  const check = tests.fits(schema, root.value) ? nothingWrong : findWrong(kind, schema, root, findingsLimit);
  return withNumbers(check, root, findingsLimit);
}

const nothingWrong: SchemaCheck = { diagnostics: [], wrong: [] };

function checkedBy(kind: Kind): Checked {
  const known = schemas.get(kind);
  if (known !== undefined) return known;
  const schema = isRepetitive(kind) ? schemaFile(kind) : readSchema(kind);
  const checked = { schema, tests: new SchemaTests(schema) };
  schemas.set(kind, checked);
  return checked;
}

function findWrong(kind: Kind, schema: Schema, root: Located, findingsLimit: number): SchemaCheck {
  const validate = validators.get(kind) ?? makeValidator(schema);
  validators.set(kind, validate);
  if (validate(root.value)) return nothingWrong;
  return findingsOf(kind, validate.errors as ErrorObject[], root, findingsLimit);
}

/** A number that the schema refuses anyhow needs no second finding. */
function withNumbers(check: SchemaCheck, root: Located, findingsLimit: number): SchemaCheck {
  const found = unusualNumbers(root);
  if (found.length === 0) return check;
  const places = new Set(check.diagnostics.map(({ place }) => `${place.line}:${place.column}`));
  const unusual = found
    .filter(({ diagnostic: { place } }) => !places.has(`${place.line}:${place.column}`))
    .slice(0, Math.max(0, findingsLimit - check.diagnostics.length));
  return {
    diagnostics: [...check.diagnostics, ...unusual.map(({ diagnostic }) => diagnostic)],
    wrong: [...check.wrong, ...unusual.map(({ path }) => path)],
  };
}

/**
 * A schema that refers to its parts so often that a validator of its parts is several times smaller than one of the
 * whole. What stands beside a reference must then not be stricter than what the reference leads to.
 */
function isRepetitive(kind: Kind): boolean {
  return kind === 'scenario';
}
