/** The findings of the schema validator, in a person's words and at the place where a person would look. */
import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Code } from '../../diagnostics/codes.ts';
import { diagnose } from '../../diagnostics/collect.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Kind } from '../kinds.ts';
import { grouped } from '../read/file.ts';
import { childAt, keyPlaceOf, type Located, type Path, placeOf } from '../read/located.ts';
import { strangeCharacter } from './strange-characters.ts';
import { didYouMean } from './suggest.ts';
import type { Schema, SchemaCheck } from './types.ts';
import { withoutCredentials } from './url-credentials.ts';
import { numberHint, numberPrefixHint, prefixHint, timeHint } from './value-hints.ts';

/** What the validator says beside the keyword; each keyword has its own few of these. */
interface Params {
  readonly additionalProperty?: string;
  readonly missingProperty?: string;
  readonly type?: string | string[];
  readonly allowedValues?: readonly unknown[];
  readonly limit?: number;
  readonly i?: number;
  readonly j?: number;
}

interface Finding {
  readonly diagnostic: Diagnostic;
  /** The value to leave alone from now on; null when only a key is missing. */
  readonly wrong: Path | null;
}

export function findingsOf(
  kind: Kind,
  errors: readonly ErrorObject[],
  root: Located,
  findingsLimit: number,
): SchemaCheck {
  const causes = firstCauses(errors);
  const listed = causes.slice(0, findingsLimit);
  const findings = listed.map(error => findingOf(kind, error, root));
  const seen = new Set<string>();
  const unique = findings.filter(({ diagnostic: { place, message } }) => {
    const key = `${place.line}:${place.column} ${message}`;
    return !seen.has(key) && seen.add(key);
  });
  if (causes.length > listed.length) {
    const message = `… and ${grouped(causes.length - listed.length)} more problems in this file`;
    const more = diagnose('C4407', unique.at(-1)!.diagnostic.place, message);
    return { diagnostics: [...unique.map(({ diagnostic }) => diagnostic), more], wrong: [[]] };
  }
  return {
    diagnostics: unique.map(({ diagnostic }) => diagnostic),
    wrong: unique.flatMap(({ wrong }) => (wrong === null ? [] : [wrong])),
  };
}

/**
 * Without what follows from another finding: a value of the wrong type also fails what its type would have to be, an
 * unknown key also makes the mapping too large, and the branch of an `if` reports its own findings.
 */
function firstCauses(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const placesOf = (cause: string) =>
    new Set(errors.filter(({ keyword }) => keyword === cause).map(({ instancePath }) => instancePath));
  const ofWrongType = placesOf('type');
  const withUnknownKeys = placesOf('additionalProperties');
  return errors.filter(({ keyword, instancePath }) => {
    if (keyword === 'if') return false;
    if (keyword === 'maxProperties') return !withUnknownKeys.has(instancePath);
    return keyword === 'type' || !ofWrongType.has(instancePath);
  });
}

function findingOf(kind: Kind, error: ErrorObject, root: Located): Finding {
  const path = pathOf(error.instancePath, root);
  const schema = (error.parentSchema ?? {}) as Schema;
  const params = error.params as Params;
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownKey(kind, root, path, String(params.additionalProperty), schema);
    case 'required':
      return missingKey(root, path, String(params.missingProperty), schema);
    case 'type':
      return wrongKind(root, path, schema, params.type ?? []);
    default:
      return notAllowed(root, path, expectation(error.keyword, params, schema), choices(params), schema);
  }
}

const ofScenarios = 'Correct the spelling or remove the key. docs/scenarios.md lists every key.';

function unknownKey(kind: Kind, root: Located, path: Path, key: string, schema: Schema): Finding {
  const known = Object.keys(schema.properties ?? {});
  const place = keyPlaceOf(root, ...path, key);
  const elsewhere = schema['x-elsewhere']?.keys.includes(key) === true ? schema['x-elsewhere'].hint : null;
  const meant = elsewhere === null ? didYouMean(key, known) : '';
  const message = `${inside(path)}there is no key "${shortened(key)}"${meant}`;
  const listed = known.length <= 12 ? `The keys here are ${known.join(', ')}.` : undefined;
  const strange = strangeCharacter(key);
  const hint =
    strange === null
      ? (elsewhere ?? listed ?? (kind === 'scenario' ? ofScenarios : undefined))
      : `${strange} Keys are written with plain letters.`;
  return { diagnostic: diagnose('C4201', place, message, hinted(hint)), wrong: [...path, key] };
}

function missingKey(root: Located, path: Path, key: string, schema: Schema): Finding {
  const description = schema.properties?.[key]?.description;
  const message = `${inside(path)}the key "${key}" is missing`;
  return {
    diagnostic: diagnose(
      'C4202',
      placeOf(root, ...path),
      message,
      hinted(description && `${key}: ${firstSentence(description)}`),
    ),
    wrong: null,
  };
}

/** What a key is for; the rest of a description is for whoever reads the manual. */
function firstSentence(text: string): string {
  return /^.*?\.(?=\s|$)/.exec(text)?.[0] ?? text;
}

function wrongKind(root: Located, path: Path, schema: Schema, types: string | string[]): Finding {
  const node = childAt(root, path)?.node ?? root;
  const place = placeOf(root, ...path);
  if (schema['x-form'] === 'prefix' && typeof node.value === 'number') {
    const written = node.source ?? String(node.value);
    const message = `${named(path)} needs quotes: YAML reads ${written} as the number ${node.value}`;
    const hint = numberPrefixHint(written);
    return { diagnostic: diagnose('C4206', place, message, { hint }), wrong: path };
  }
  if (schema['x-form'] === 'secret' && node.children === null) {
    const message = `${named(path)} must not stand in the configuration`;
    return { diagnostic: diagnose('C4208', place, message), wrong: path };
  }
  const wanted = [types].flat().filter(type => type !== 'null');
  const kinds = orList(wanted.map(type => kindWords[type] ?? type));
  const message = `${named(path)} must be ${schema['x-expected'] ?? kinds}, not ${shownAt(path, node)}`;
  return {
    diagnostic: diagnose('C4203', place, message, hinted(kindHint(wanted, node, schema, path))),
    wrong: path,
  };
}

function notAllowed(
  root: Located,
  path: Path,
  expected: string,
  known: readonly string[],
  schema: Schema,
): Finding {
  const node = childAt(root, path)?.node ?? root;
  const meant = typeof node.value === 'string' ? didYouMean(node.value, known) : '';
  const isZeroLines = node.value === 0 && path.at(-1) === 'lines';
  const hint = holdsSecret(path) ? undefined : isZeroLines ? noLinesHint(path) : textHint(node, schema);
  const code: Code = node.value === null ? 'C4203' : 'C4204';
  const message = `${named(path)} must be ${expected}, not ${shownAt(path, node)}${meant}`;
  return { diagnostic: diagnose(code, placeOf(root, ...path), message, hinted(hint)), wrong: path };
}

/** Some switches take 0 lines for no limit, others for none at all, so it is asked what is meant. */
function noLinesHint(path: Path): string {
  const none = path.includes('periods') ? 'available: false in the period' : 'locked: true in the gateway';
  return `For no calls write ${none}; for no limit leave lines out.`;
}

/** What the keyword asks for, to stand behind "must be". */
function expectation(keyword: string, params: Params, schema: Schema): string {
  const limit = String(params.limit);
  switch (keyword) {
    case 'enum':
      return String(schema['x-expected'] ?? orList((params.allowedValues ?? []).map(String)));
    case 'minimum':
    case 'maximum':
      return range(schema) ?? `${keyword === 'minimum' ? 'at least' : 'at most'} ${limit}`;
    case 'exclusiveMinimum':
      return range(schema) ?? `more than ${limit}`;
    case 'minLength':
      return 'a text that is not empty';
    case 'maxLength':
      return `at most ${limit} characters long`;
    case 'minItems':
      return 'a list that is not empty';
    case 'maxItems':
      return `a list of at most ${limit}`;
    case 'uniqueItems':
      return `a list without repetition (items ${Number(params.j) + 1} and ${Number(params.i) + 1} are equal)`;
    case 'minProperties':
    case 'maxProperties':
    case 'pattern':
      return String(schema['x-expected'] ?? 'a mapping that is not empty');
    default:
      throw new Error(`no words for the schema keyword ${keyword}`);
  }
}

function range(schema: Schema): string | null {
  const { minimum, maximum, exclusiveMinimum } = schema as Record<string, number | undefined>;
  if (maximum === undefined) return null;
  if (minimum !== undefined) return `between ${minimum} and ${maximum}`;
  return exclusiveMinimum === undefined ? null : `more than ${exclusiveMinimum} and at most ${maximum}`;
}

function choices(params: Params): readonly string[] {
  return (params.allowedValues ?? []).filter(value => typeof value === 'string');
}

const kindWords: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping with keys',
};

function kindHint(wanted: readonly string[], node: Located, schema: Schema, path: Path): string | undefined {
  if (node.value === null) {
    return typeof path.at(-1) === 'number'
      ? 'Write a value behind the dash. From a number sign on, all is a comment unless it stands in quotes: "#31".'
      : 'Write a value behind the colon, or remove the key.';
  }
  if (holdsSecret(path)) return undefined;
  const written = shortened(node.source ?? '');
  if (wanted.includes('boolean') && node.children === null) return booleanHint(written);
  if (wanted.includes('array') && node.children === null) return `Write it as a list: [${listItem(node)}].`;
  if (wanted.includes('object') && node.children === null && !wanted.includes('string')) {
    return 'Write its keys on lines of their own below, indented by two spaces.';
  }
  const [only] = node.children?.values() ?? [];
  if (Array.isArray(node.value) && node.children?.size === 1 && only?.node.children === null) {
    return `Write the one value without brackets or dash: ${shortened(only.node.source ?? '')}.`;
  }
  if (wanted.some(kind => kind === 'integer' || kind === 'number') && node.children === null) {
    // A fraction in the place of a whole number is no question of how it is written.
    if (typeof node.value === 'number') return undefined;
    return numberHint(node.source ?? '', schema['x-unit'] as string | undefined);
  }
  if (wanted.includes('string') && written !== '') {
    return schema['x-form'] === 'time'
      ? (timeHint(node.source ?? '') ?? 'Write a date such as 2030-01-31.')
      : `Put it in quotes: "${written}".`;
  }
  return undefined;
}

function booleanHint(written: string): string {
  const word = written.toLowerCase();
  const meant = /^(true|yes|on|y|1)$/.test(word)
    ? 'true'
    : /^(false|no|off|n|0)$/.test(word)
      ? 'false'
      : null;
  return meant === null ? 'Write true or false, without quotes.' : `Write ${meant}, without quotes.`;
}

/** As it can stand between brackets, where a number has to stay the text that it is. */
function listItem(node: Located): string {
  const written = shortened(node.source ?? '');
  return node.quoted || (typeof node.value === 'string' && /[,[\]{}:]/.test(written))
    ? `"${written}"`
    : written;
}

/** As in the schemas: one branch of a choice does not say the form. */
const prefixPattern = '^[0-9A-Za-z*#]{0,32}$';

/** What was meant by a text of the right kind that is not allowed. */
function textHint(node: Located, schema: Schema): string | undefined {
  if (typeof node.value !== 'string') return undefined;
  if (schema['x-form'] === 'prefix' || schema['pattern'] === prefixPattern) return prefixHint(node.value);
  const strange = strangeCharacter(node.value);
  return strange === null ? undefined : `${strange} Write it with the letters of your keyboard.`;
}

/** Whoever put a secret where its name belongs shall not find it in a log. */
function shownAt(path: Path, node: Located): string {
  return holdsSecret(path) ? 'what stands there' : shown(node);
}

function holdsSecret(path: Path): boolean {
  return path.includes('secret') || path.includes('token');
}

/** What stands in the file, so that the reader recognises it. */
function shown(node: Located): string {
  if (Array.isArray(node.value)) return node.value.length === 0 ? 'an empty list' : 'a list';
  if (node.children !== null) {
    const keys = [...node.children.keys()];
    return keys.length === 0
      ? 'an empty mapping'
      : `a mapping with ${keys.slice(0, 3).map(String).map(shortened).join(', ')}`;
  }
  if (node.value === null) return 'empty';
  const text = shortened(withoutCredentials(node.source ?? String(node.value)));
  return typeof node.value === 'string' ? `"${text}"` : text;
}

/** `timeouts.inviteSeconds`, `addresses[2]`; items count from 1 for people. */
function named(path: Path): string {
  if (path.length === 0) return 'the file';
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step + 1}]`;
    return text === '' ? shortened(step) : `${text}.${shortened(step)}`;
  }, '');
}

function inside(path: Path): string {
  return path.length === 0 ? '' : `in ${named(path)} `;
}

function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

export function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function hinted(hint: string | undefined): { hint?: string } {
  return hint === undefined ? {} : { hint };
}

/** A JSON pointer as steps; numbers where the value is a list. */
function pathOf(pointer: string, root: Located): Path {
  const path: (string | number)[] = [];
  let node: Located | undefined = root;
  for (const part of pointer.split('/').slice(1)) {
    const text = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const step: string | number = Array.isArray(node?.value) ? Number(text) : text;
    path.push(step);
    node = node?.children?.get(step)?.node;
  }
  return path;
}
