/** Colour for a terminal. */

const colours = { red: 31, green: 32, yellow: 33, faint: 2, bold: 1 } as const;

export type Colour = keyof typeof colours;

export function paint(text: string, colour: Colour, enabled: boolean): string {
  return enabled ? `\u001b[${colours[colour]}m${text}\u001b[0m` : text;
}
