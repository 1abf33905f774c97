/** A value as its schema means it, whatever of the allowed spellings stands in the file. */
import type { Located } from '../read/located.ts';
import type { Schema } from '../schema/types.ts';
import type { Shape } from './shape.ts';

/**
 * `onOff`: true and false, also written On and Off · `numberOrNone`: null for no limit, also written None ·
 * `numbers` and `texts`: a list, also written with commas · `decimal`: exact, kept as text · `plain`: as YAML reads it.
 */
export type ValueForm = 'onOff' | 'numberOrNone' | 'numbers' | 'texts' | 'decimal' | 'plain';

export function formOf(schema: Schema): ValueForm {
  const types = schema['type'];
  const values = schema['enum'];
  if (Array.isArray(values) && values.includes('On')) return 'onOff';
  if (schema['x-form'] === 'decimal') return 'decimal';
  if (!Array.isArray(types)) return 'plain';
  if (types.includes('null')) return 'numberOrNone';
  if (!types.includes('array') || !types.includes('string')) return 'plain';
  return schema.then?.items?.['type'] === 'string' ? 'texts' : 'numbers';
}

/** The meaning of a value of one form, `source` being its text in the file when it is a scalar. */
export function typedValue(form: ValueForm, value: unknown, source: string | null): unknown {
  switch (form) {
    case 'onOff':
      return value === true || value === 'On';
    case 'numberOrNone':
      return typeof value === 'number' ? value : null;
    case 'numbers':
      return typeof value === 'string' ? value.split(',').map(Number) : value;
    case 'texts':
      return typeof value === 'string' ? textsBetweenCommas(value) : value;
    case 'decimal':
      return source ?? String(value);
    case 'plain':
      return value;
  }
}

function textsBetweenCommas(text: string): readonly string[] {
  return text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '');
}

/** The meaning of a whole node: mappings and lists with each of their values typed. */
export function typedNode(shape: Shape, node: Located): unknown {
  if (node.children === null || shape.form !== 'plain')
    return typedValue(shape.form, node.value, node.source);
  if (!hasForms(shape)) return node.value;
  const { items, properties } = shape;
  const children = [...node.children].map(([key, child]) => {
    const inner = typeof key === 'number' ? items : properties?.get(key);
    return [key, inner == null ? child.node.value : typedNode(inner, child.node)] as const;
  });
  return Array.isArray(node.value) ? children.map(([, value]) => value) : Object.fromEntries(children);
}

const withForms = new WeakMap<Shape, boolean>();

/** Whether anything within may be written in several ways. Most lists are long and plain, and taken as they are. */
function hasForms(shape: Shape): boolean {
  const known = withForms.get(shape);
  if (known !== undefined) return known;
  const inner = [...(shape.properties?.values() ?? []), ...(shape.items === null ? [] : [shape.items])];
  const has = shape.form !== 'plain' || inner.some(hasForms);
  withForms.set(shape, has);
  return has;
}
