/** Holds the shape of each file against its JSON Schema. */
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import type { Kind } from '../kinds.ts';
import type { Located } from '../read/located.ts';
import { findingsOf } from './findings.ts';
import type { SchemaCheck } from './types.ts';
import { unusualNumbers } from './unusual-numbers.ts';
import { validatorFor } from './validator.ts';

const validators = new Map<Kind, ValidateFunction>();

/** Lists at most `findingsLimit` findings. */
export function checkSchema(kind: Kind, root: Located, findingsLimit: number): SchemaCheck {
  let validate = validators.get(kind);
  if (validate === undefined) {
    validate = validatorFor(kind);
    validators.set(kind, validate);
  }
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
