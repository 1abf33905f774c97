/**
 * Ajv, which finds everything that is wrong with a file. Making its validators takes longer than all else that a command
 * does with a small network, so that the build makes them.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import { type Kind, kindsWithSchema } from '../kinds.ts';
import { annotations } from './annotations.ts';
import { readSchema, schemaFile } from './read.ts';
import type { Schema } from './types.ts';

type MadeValidator = ValidateFunction & { readonly madeFrom?: string };

// Not imported above: reading files is synchronous, and what is imported there is loaded whether it is needed or not.
const require = createRequire(import.meta.url);

const builtValidators = fileURLToPath(new URL('./validators/', import.meta.url));

/** What the build made, if that is of this very schema; another one is made on the spot. */
export function validatorFor(kind: Kind, directory = builtValidators): ValidateFunction {
  const schema = validatedSchema(kind);
  const path = fileOf(kind, directory);
  if (existsSync(path)) {
    const built = require(path) as MadeValidator;
    if (built.madeFrom === digestOf(schema)) return built;
  }
  return makeAjv(false).compile(schema);
}

/** For `validatorFor`, of all kinds. Each file appears whole. */
export function writeValidators(directory = builtValidators): void {
  const { default: standaloneCode } =
    require('ajv/dist/standalone/index.js') as typeof import('ajv/dist/standalone/index.js');
  mkdirSync(directory, { recursive: true });
  for (const kind of kindsWithSchema) {
    const schema = validatedSchema(kind);
    const ajv = makeAjv(true);
    const code = standaloneCode(ajv, ajv.compile(schema));
    const path = fileOf(kind, directory);
    writeFileSync(`${path}.part`, `${code}\nmodule.exports.madeFrom = "${digestOf(schema)}";\n`);
    renameSync(`${path}.part`, path);
  }
}

function fileOf(kind: Kind, directory: string): string {
  return join(directory, `${kind}.cjs`);
}

function digestOf(schema: Schema): string {
  return createHash('sha256').update(JSON.stringify(schema)).digest('hex');
}

/**
 * The schema of a scenario refers to its parts so often that a validator of its parts is several times smaller than one
 * of the whole. What stands beside a reference must then not be stricter than what the reference leads to.
 */
function validatedSchema(kind: Kind): Schema {
  return kind === 'scenario' ? schemaFile(kind) : readSchema(kind);
}

/** `source`: with the source text of what it makes. */
function makeAjv(source: boolean) {
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
    code: { optimize: false, source },
  });
  ajv.addVocabulary(annotations);
  return ajv;
}
