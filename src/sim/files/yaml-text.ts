/** Writes values as YAML that a person reviews: short things on one line, long ones on several. */

/** A scalar as it is to be written; a list; or a mapping, whose keys are in the order in which they are to stand. */
export type YamlTree = string | readonly YamlTree[] | { readonly [key: string]: YamlTree };

const lineWidth = 100;
const nestedWidth = 60;

/** A text as a scalar: in quotes unless every YAML program reads it as the text that it is. */
export function textScalar(text: string): string {
  const isPlain =
    /^[A-Za-z][\w ./-]*$/.test(text) && !/ $|^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text);
  return isPlain ? text : quotedScalar(text);
}

/** In quotes whatever it is, as numbers that are dialled stand. */
export function quotedScalar(text: string): string {
  // JSON leaves some characters as they are that YAML does not allow.
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The lines of a mapping or a list, each indented by `indent` spaces. */
export function yamlLines(tree: YamlTree, indent: number): readonly string[] {
  const pad = ' '.repeat(indent);
  if (typeof tree === 'string') return [`${pad}${tree}`];
  if (isList(tree)) return tree.flatMap(item => itemLines(item, indent));
  return Object.entries(tree).flatMap(([key, value]) => {
    const name = keyText(key);
    const inline = inlineYaml(value);
    if (typeof value === 'string' || fits(value, inline, indent + name.length + 2))
      return [`${pad}${name}: ${inline}`];
    return [`${pad}${name}:`, ...yamlLines(value, indent + 2)];
  });
}

function itemLines(item: YamlTree, indent: number): readonly string[] {
  const pad = ' '.repeat(indent);
  const inline = inlineYaml(item);
  if (typeof item === 'string' || fits(item, inline, indent + 2)) return [`${pad}- ${inline}`];
  return itemBlock(item, indent);
}

/** The item of a list on lines of its own, however short it is. */
export function itemBlock(item: YamlTree, indent: number): readonly string[] {
  const [first = '', ...rest] = yamlLines(item, indent + 2);
  return [`${' '.repeat(indent)}- ${first.trimStart()}`, ...rest];
}

/** The deeper it is, the sooner it is easier to read on lines of its own. */
function fits(tree: YamlTree, inline: string, before: number): boolean {
  const depth = depthOf(tree);
  return before + inline.length <= lineWidth && (depth <= 1 || (depth === 2 && inline.length <= nestedWidth));
}

function depthOf(tree: YamlTree): number {
  if (typeof tree === 'string') return 0;
  return 1 + Math.max(0, ...Object.values(tree).map(depthOf));
}

export function inlineYaml(tree: YamlTree): string {
  if (typeof tree === 'string') return tree;
  if (isList(tree)) return `[${tree.map(inlineYaml).join(', ')}]`;
  const entries = Object.entries(tree).map(([key, value]) => `${keyText(key)}: ${inlineYaml(value)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

function keyText(key: string): string {
  return textScalar(key);
}

function isList(tree: YamlTree): tree is readonly YamlTree[] {
  return Array.isArray(tree);
}
