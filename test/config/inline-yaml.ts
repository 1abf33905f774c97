/**
 * A value as a person writes it into a YAML file, on one line: `{ prefix: "447", mode: expiration }`. Texts that YAML
 * would read as something else stand in quotes.
 */
export function inlineYaml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inlineYaml).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, inner]) => `${key}: ${inlineYaml(inner)}`);
    return `{ ${entries.join(', ')} }`;
  }
  if (typeof value === 'string' && isPlain(value)) return value;
  return JSON.stringify(value);
}

function isPlain(text: string): boolean {
  return /^[A-Za-z/][\w ./@-]*$/.test(text) && !/^(?:true|false|null|yes|no|y|n)$|\s$/i.test(text);
}
