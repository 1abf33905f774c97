/**
 * Whether a value fits a schema, without a word about what is wrong with it: most files fit, and making the validator
 * that finds the words takes longer than all else that a command does with a small network.
 */
import { canonicalText } from '../compile/canonical.ts';
import { annotations } from './annotations.ts';
import type { Schema } from './types.ts';

type Test = (value: unknown) => boolean;
type Mapping = Readonly<Record<string, unknown>>;

/** What the keywords that count say, given what they say and the schema that they stand in. */
type MakeTest = (wanted: never, schema: Schema, tests: SchemaTests) => Test;

/** What stands here says nothing of its own about a value. */
const silent: ReadonlySet<string> = new Set([
  ...annotations,
  ...['$schema', '$id', '$defs', 'title', 'description', 'examples', 'default'],
  // With `if`, and without it nothing.
  ...['then', 'else'],
]);

const isOfType: Readonly<Record<string, Test>> = {
  null: value => value === null,
  boolean: value => typeof value === 'boolean',
  string: value => typeof value === 'string',
  number: value => Number.isFinite(value),
  integer: value => Number.isInteger(value),
  array: value => Array.isArray(value),
  object: isMapping,
};

const makers: Readonly<Record<string, MakeTest>> = {
  type: (wanted: string | readonly string[]) => {
    const types = [wanted].flat().map(name => isOfType[name]!);
    return value => types.some(isOf => isOf(value));
  },
  enum: (allowed: readonly unknown[]) => value => allowed.includes(value),
  minLength: (least: number) => ofText(text => lengthOf(text) >= least),
  maxLength: (most: number) => ofText(text => lengthOf(text) <= most),
  pattern: (pattern: string) => {
    const expression = new RegExp(pattern, 'u');
    return ofText(text => expression.test(text));
  },
  minimum: (least: number) => ofNumber(number => number >= least),
  maximum: (most: number) => ofNumber(number => number <= most),
  exclusiveMinimum: (bound: number) => ofNumber(number => number > bound),
  minItems: (least: number) => ofList(items => items.length >= least),
  maxItems: (most: number) => ofList(items => items.length <= most),
  uniqueItems: (wanted: boolean) =>
    ofList(items => !wanted || new Set(items.map(canonicalText)).size === items.length),
  items: (each: Schema, _, tests) => ofList(items => items.every(item => tests.fits(each, item))),
  minProperties: (least: number) => ofMapping(mapping => Object.keys(mapping).length >= least),
  maxProperties: (most: number) => ofMapping(mapping => Object.keys(mapping).length <= most),
  required: (names: readonly string[]) =>
    ofMapping(mapping => names.every(name => Object.hasOwn(mapping, name))),
  properties: (properties: Readonly<Record<string, Schema>>, _, tests) => {
    const known = new Map(Object.entries(properties));
    return ofMapping(mapping =>
      Object.entries(mapping).every(([key, value]) => {
        const schema = known.get(key);
        return schema === undefined || tests.fits(schema, value);
      }),
    );
  },
  additionalProperties: (others: boolean | Schema, { properties = {} }, tests) => {
    if (others === true) return () => true;
    return ofMapping(mapping =>
      Object.entries(mapping).every(
        ([key, value]) => Object.hasOwn(properties, key) || (others !== false && tests.fits(others, value)),
      ),
    );
  },
  if: (condition: Schema, schema, tests) => value => {
    const branch = tests.fits(condition, value) ? schema.then : schema.else;
    return branch === undefined || tests.fits(branch, value);
  },
  $ref: (reference: string, _, tests) => value => tests.fits(tests.definition(reference), value),
};

/** The tests of one file of schemas, each made when the first value comes to it. */
export class SchemaTests {
  readonly #file: Schema;
  readonly #known = new Map<Schema, readonly Test[]>();

  constructor(file: Schema) {
    this.#file = file;
  }

  /** `schema` is the whole file, or a part of it. */
  fits(schema: Schema, value: unknown): boolean {
    let tests = this.#known.get(schema);
    if (tests === undefined) {
      tests = this.#testsOf(schema);
      this.#known.set(schema, tests);
    }
    return tests.every(test => test(value));
  }

  definition(reference: string): Schema {
    const name = /^#\/\$defs\/([\w-]+)$/.exec(reference)?.[1] ?? '';
    const target = (this.#file['$defs'] as Readonly<Record<string, Schema>> | undefined)?.[name];
    if (target === undefined) throw new Error(`${String(this.#file['$id'])} has no ${reference}`);
    return target;
  }

  #testsOf(schema: Schema): readonly Test[] {
    return Object.entries(schema).flatMap(([keyword, wanted]) => {
      if (silent.has(keyword)) return [];
      const make = makers[keyword];
      if (make === undefined)
        throw new Error(`${String(this.#file['$id'])} has the unknown keyword ${keyword}`);
      return make(wanted as never, schema, this);
    });
  }
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function ofMapping(test: (mapping: Mapping) => boolean): Test {
  return value => !isMapping(value) || test(value);
}

function ofList(test: (items: readonly unknown[]) => boolean): Test {
  return value => !Array.isArray(value) || test(value);
}

function ofText(test: (text: string) => boolean): Test {
  return value => typeof value !== 'string' || test(value);
}

function ofNumber(test: (number: number) => boolean): Test {
  return value => typeof value !== 'number' || test(value);
}

/** JSON Schema counts characters, not halves of them. */
function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length++;
  return length;
}
