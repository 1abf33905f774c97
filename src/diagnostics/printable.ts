/** Text of the world, made harmless for a terminal. */

/**
 * Writes control characters, line separators and the marks that turn the direction of writing as `\u001b`, so that no
 * text from a file or from the network moves a cursor, begins a line of its own or reads otherwise than it counts.
 */
export function printable(text: string): string {
  return text.replace(unprintable, character => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

const unprintable = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
