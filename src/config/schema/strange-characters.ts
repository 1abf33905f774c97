/** Characters that a reader takes for others, or does not see at all, by name. */

const names: Readonly<Record<string, string>> = {
  '\u00a0': 'a no-break space',
  '\u00ad': 'a soft hyphen, which nobody sees',
  '\u200b': 'a zero width space, which nobody sees',
  '\u200c': 'a zero width non-joiner, which nobody sees',
  '\u200d': 'a zero width joiner, which nobody sees',
  '\u2060': 'a word joiner, which nobody sees',
  '\ufeff': 'a byte order mark, which nobody sees',
  '\u2018': 'a curly quotation mark',
  '\u2019': 'a curly quotation mark',
  '\u201c': 'a curly quotation mark',
  '\u201d': 'a curly quotation mark',
  '\u201e': 'a curly quotation mark',
  '\u00ab': 'an angled quotation mark',
  '\u00bb': 'an angled quotation mark',
  '\u2010': 'a hyphen that is not the one of the keyboard',
  '\u2011': 'a hyphen that is not the one of the keyboard',
  '\u2013': 'a dash',
  '\u2014': 'a dash',
  '\u2212': 'a minus sign that is not the one of the keyboard',
  '\u2028': 'a line separator, which nobody sees',
  '\u2029': 'a paragraph separator, which nobody sees',
  '\u0000': 'NUL',
  '\t': 'a tab',
};

const families: readonly (readonly [RegExp, string])[] = [
  [/[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/u, 'a mark of writing direction, which nobody sees'],
  [/[\u0000-\u001f\u007f-\u009f]/u, 'a control character'],
  [/[\u2000-\u200a\u202f\u205f\u3000\u1680]/u, 'a space that is not the one of the keyboard'],
  [/[\uff10-\uff19]/u, 'a full-width digit'],
  [/[\u0660-\u0669\u06f0-\u06f9]/u, 'an Arabic-Indic digit'],
  [/\p{Nd}/u, 'a digit of another script'],
  [/[\uff01-\uff5e]/u, 'a full-width character'],
  [/\p{Script=Cyrillic}/u, 'a Cyrillic letter'],
  [/\p{Script=Greek}/u, 'a Greek letter'],
];

/** One sentence about the first character of `text` that looks like another one or like nothing; null when none does. */
export function strangeCharacter(text: string): string | null {
  let at = 0;
  for (const character of text) {
    at++;
    if (character >= ' ' && character <= '~') continue;
    const name = names[character] ?? families.find(([pattern]) => pattern.test(character))?.[1];
    if (name === undefined) continue;
    const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
    return `Character ${at} of it is ${name} (U+${code}).`;
  }
  return null;
}
