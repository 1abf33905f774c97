/** Writes XML 1.0. */

export type Attributes = Readonly<Record<string, string | number>>;

/** An element whose content, already XML, stands on lines of its own; empty elements close themselves. */
export function element(name: string, attributes: Attributes, content: readonly string[] = []): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`);
  const start = `<${name}${written.join('')}`;
  return content.length === 0 ? `${start}/>` : `${start}>\n${content.join('\n')}\n</${name}>`;
}

/** An element with text, which is kept as it is. */
export function textElement(name: string, attributes: Attributes, text: string): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`);
  return `<${name}${written.join('')}>${escapeXmlText(text)}</${name}>`;
}

/**
 * For attributes, where line ends and tabs would be turned into blanks if they were not written as references.
 * Characters that XML cannot hold at all are written as `\u001b`.
 */
export function escapeXml(text: string): string {
  return text.replace(special, escaped);
}

/** For text between tags, where quotes and line feeds mean themselves and stay readable. */
export function escapeXmlText(text: string): string {
  return text.replace(special, character => (/["'\n]/.test(character) ? character : escaped(character)));
}

function escaped(character: string): string {
  return references[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** XML 1.0, section 2.2: no control character but tab, line feed and return; no half of a surrogate pair; two more. */
const special =
  /[&<>"'\u0000-\u001f\u007f-\u009f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
