/** Lines that GitHub Actions takes for commands: `::error file=…,line=…::message`. */

/** Properties with an empty value are left out. */
export function workflowCommand(
  name: 'error' | 'warning' | 'notice',
  properties: Readonly<Record<string, string>>,
  message: string,
): string {
  const written = Object.entries(properties)
    .filter(([, value]) => value !== '')
    .map(([key, value]) => `${key}=${escapeProperty(value)}`)
    .join(',');
  return `::${name}${written === '' ? '' : ` ${written}`}::${escapeMessage(message)}`;
}

/** So that the message is one line and nothing in it is taken for an escape. */
export function escapeMessage(text: string): string {
  return text.replace(/[%\r\n]/g, escaped);
}

/** So that, besides, a value does not end before its end. */
export function escapeProperty(text: string): string {
  return text.replace(/[%\r\n:,]/g, escaped);
}

function escaped(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
