/** Ajv, which finds everything that is wrong with a file. */
import { createRequire } from 'node:module';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { annotations } from './annotations.ts';
import type { Schema } from './types.ts';

const require = createRequire(import.meta.url);

/** Takes as long as loading a small network; nobody needs it while all files fit their schemas. */
export function makeValidator(schema: Schema): ValidateFunction {
  // Not imported above: reading files is synchronous, and what is imported there is loaded in any case.
  const { Ajv2020: Validator } = require('ajv/dist/2020.js') as typeof import('ajv/dist/2020.js');
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
  return ajv.compile(schema);
}
