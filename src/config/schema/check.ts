/** Holds the shape of each file against its JSON Schema. */
import { type ErrorObject, type ValidateFunction, Ajv2020 as Validator } from 'ajv/dist/2020.js';
import type { Kind } from '../kinds.ts';
import type { Located } from '../read/located.ts';
import { findingsOf } from './findings.ts';
import { readSchema, schemaFile } from './read.ts';
import type { SchemaCheck } from './types.ts';
import { unusualNumbers } from './unusual-numbers.ts';

/** Annotations for people and for the diagnostics; the last one is what editors show, the others are our own. */
export const annotations = [
  'x-expected',
  'x-form',
  'x-unit',
  'x-restart',
  'x-inherits',
  'x-old-spellings',
  'x-reference',
  'x-key-reference',
  'x-elsewhere',
  'patternErrorMessage',
];

const validators = new Map<Kind, ValidateFunction>();

/** Lists at most `findingsLimit` findings. */
export function checkSchema(kind: Kind, root: Located, findingsLimit: number): SchemaCheck {
  const validate = validatorFor(kind);
  const check: SchemaCheck = validate(root.value)
    ? { diagnostics: [], wrong: [] }
    : findingsOf(kind, validate.errors as ErrorObject[], root, findingsLimit);
  return withNumbers(check, root, findingsLimit);
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

function validatorFor(kind: Kind): ValidateFunction {
  const known = validators.get(kind);
  if (known !== undefined) return known;
  const ajv = new Validator({
    allErrors: true,
    verbose: true,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    // The schemas are our own and held against theirs by the tests; each start would pay for it again.
    validateSchema: false,
    // Tidying the code of the validators takes longer than it saves in thousands of files.
    code: { optimize: false },
  });
  ajv.addVocabulary(annotations);
  const validate = ajv.compile(isRepetitive(kind) ? schemaFile(kind) : readSchema(kind));
  validators.set(kind, validate);
  return validate;
}

/**
 * A schema that refers to its parts so often that a validator of its parts is several times smaller than one of the
 * whole. What stands beside a reference must then not be stricter than what the reference leads to.
 */
function isRepetitive(kind: Kind): boolean {
  return kind === 'scenario';
}
