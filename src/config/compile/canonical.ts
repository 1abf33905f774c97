/** The canonical text of plain data, over which a configuration is hashed. */

/** Places say where something stands and not what it means; indexes follow from the names. */
const withoutMeaning: ReadonlySet<string> = new Set(['source', 'place', 'places', 'index']);

/**
 * Equal for equal meaning, whatever the order of keys; different for anything else. Numbers, texts and bigints of
 * the same look stay apart, and infinite numbers are written out.
 */
export function canonicalText(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'number') return Object.is(value, -0) ? '0' : String(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'undefined';
  if (value instanceof Uint8Array) return `bytes:${Buffer.from(value).toString('hex')}`;
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  return textOfObject(value as Readonly<Record<string, unknown>>);
}

/** There are tens of thousands of them, so the keys alone are sorted, and nothing is made for a key. */
function textOfObject(value: Readonly<Record<string, unknown>>): string {
  let text = '';
  for (const key of Object.keys(value).sort()) {
    const item = value[key];
    if (item === undefined || withoutMeaning.has(key)) continue;
    text += `${text === '' ? '{' : ','}${JSON.stringify(key)}:${canonicalText(item)}`;
  }
  return text === '' ? '{}' : `${text}}`;
}
