/** The ways in which a setting of a file can be changed: left out, or with another value. */
import type { Schema } from '../../../src/config/schema/types.ts';
import type { NetworkFile, Plain } from './network.ts';

/** Where a value stands in a file. */
export type Route = readonly (string | number)[];

export interface Change {
  /** What it does, for people: `gateways/routing/left.yaml: lines without`. */
  readonly text: string;
  readonly file: NetworkFile;
  readonly content: Plain;
}

/** What else may stand in the place of a value: names of objects by their kind, `column` for headers of decks. */
export type NamesOf = (kind: string) => readonly string[];

/** Leaving a value out, and with it what cannot be there without it. */
export interface Removal extends Change {
  /** Of a list or a mapping, whose parts are properties of their own. */
  readonly isWhole: boolean;
  /** Without the mapping or list around it; null at the top of a file. */
  readonly wider: () => Removal | null;
}

/** The value is left out, everywhere that the property stands. `path` is that of a `SchemaProperty`. */
export function removalsOf(files: readonly NetworkFile[], path: string): readonly Removal[] {
  return placesOf(files, path).map(({ file, route }) => removal(file, route));
}

function removal(file: NetworkFile, route: Route): Removal {
  const around = route.slice(0, -1);
  return {
    ...changed(file, route, undefined),
    isWhole: typeof valueAt(file.content, route) === 'object',
    wider: () => (around.length === 0 ? null : removal(file, around)),
  };
}

/** The value is another one. */
export function replacementsOf(
  files: readonly NetworkFile[],
  path: string,
  schema: Schema,
  namesOf: NamesOf,
): readonly Change[] {
  const names = path.includes('columns.') ? () => namesOf('column') : namesOf;
  const asName = path.includes('columns.') ? { 'x-reference': 'column' } : schema;
  return placesOf(files, path).flatMap(({ file, route }) =>
    otherValues(valueAt(file.content, route), asName, names).map(value => changed(file, route, value)),
  );
}

/** A change that more than one value takes part in. */
export function handMade(
  file: NetworkFile,
  values: readonly (readonly [Route, Plain | undefined])[],
): Change {
  let { content } = file;
  for (const [route, value] of values) content = withValue(content, route, value);
  return { text: `${file.path}: ${values.map(([route]) => route.join('.')).join(', ')}`, file, content };
}

function placesOf(
  files: readonly NetworkFile[],
  path: string,
): readonly { readonly file: NetworkFile; readonly route: Route }[] {
  return files.flatMap(file => routesTo(file.content, path).map(route => ({ file, route })));
}

function changed(file: NetworkFile, route: Route, value: Plain | undefined): Change {
  const does = value === undefined ? 'left out' : `: ${JSON.stringify(value)}`;
  return {
    text: `${file.path}: ${route.join('.')} ${does}`,
    file,
    content: withValue(file.content, route, value),
  };
}

/** `periods[].calendar` stands in a list of mappings; items may be of other forms, which have no such key. */
function routesTo(content: Plain, path: string): readonly Route[] {
  const steps = path.split('.').flatMap(step => {
    const name = step.replace(/\[\]$/, '');
    const lists = step === name ? 0 : 1;
    return lists === 0 ? [name] : [name, null];
  });
  let found: { readonly route: Route; readonly value: Plain }[] = [{ route: [], value: content }];
  for (const step of steps) {
    found = found.flatMap(({ route, value }) => {
      if (step === null) {
        return isList(value) ? value.map((item, index) => ({ route: [...route, index], value: item })) : [];
      }
      const child = isMapping(value) ? value[step] : undefined;
      return child === undefined ? [] : [{ route: [...route, step], value: child }];
    });
  }
  return found.map(({ route }) => route);
}

function valueAt(content: Plain, route: Route): Plain {
  let value: Plain = content;
  for (const step of route) value = (value as Record<string | number, Plain>)[step]!;
  return value;
}

/** Undefined takes the value out. */
function withValue(content: Plain, route: Route, value: Plain | undefined): Plain {
  const [step, ...rest] = route;
  if (step === undefined) throw new Error('a file as a whole is not taken out');
  if (isList(content)) {
    const items = [...content];
    if (rest.length > 0) items[step as number] = withValue(items[step as number]!, rest, value);
    else if (value === undefined) items.splice(step as number, 1);
    else items[step as number] = value;
    return items;
  }
  const { [step]: here, ...others } = content as { readonly [key: string]: Plain };
  if (rest.length > 0) return { ...others, [step]: withValue(here!, rest, value) };
  return value === undefined ? others : { ...others, [step]: value };
}

function otherValues(value: Plain, schema: Schema, namesOf: NamesOf): readonly Plain[] {
  if (typeof value === 'boolean') return [!value];
  if (typeof value === 'number') return [value + 1, value * 2, value / 2, value - 1];
  if (typeof value !== 'string') return [];
  const { enum: choices, 'x-reference': reference } = schema;
  if (Array.isArray(choices)) return choices.filter(choice => choice !== value);
  if (value === 'On' || value === 'Off') return [value === 'On' ? 'Off' : 'On'];
  if (typeof reference === 'string') return namesOf(reference).filter(name => name !== value);
  return otherTexts(value);
}

function otherTexts(value: string): readonly string[] {
  if (/^\d\d:\d\d$/.test(value)) return ['01:00', '09:30', '23:30'];
  if (/^\d+\/\d+$/.test(value)) return ['7/7', '60/60'];
  if (/^\d{4}-\d\d-\d\d/.test(value)) return ['2031-03-03', '2026-12-30'];
  if (/^\d+-\d+$/.test(value)) return ['1-2', '30'];
  if (/^[A-Z]{3}$/.test(value)) return ['USD'];
  if (/^(?:UTC|[A-Z][a-z]+\/\w+)$/.test(value)) return ['Asia/Tokyo', 'America/New_York'];
  if (/\.(?:csv|txt)$/.test(value))
    return ['transit.csv', 'retail-nights.csv', 'last-year.csv', 'ported.csv'];
  if (/^[a-z]{3}(-[a-z]{3})?$/.test(value)) return ['sun', '9', `${value}9`];
  return [`${value}9`, '99', `9${value}`, `${value.slice(0, -1)}`];
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}

function isMapping(value: Plain): value is { readonly [key: string]: Plain } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
