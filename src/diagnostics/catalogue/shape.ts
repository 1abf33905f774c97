/** C42: the shape of one file. */
import { error, warning } from './entry.ts';

export const shape = {
  C4201: error(
    'Unknown key',
    'The switch knows no setting of this name here. It refuses it, because a setting that is misspelt and ignored is found only in the bill.',
    'Correct the spelling or remove the key. docs/configuration.md lists every key.',
  ),
  C4202: error(
    'A key is missing',
    'The object cannot work without this setting and it has no default.',
    'Add the key.',
  ),
  C4203: error(
    'A value of the wrong kind',
    'The setting wants another kind of value: a list instead of a text, a number instead of a word.',
    'Write the value as the message says.',
  ),
  C4204: error(
    'A value that is not allowed',
    'The value is of the right kind, but outside the range, not in the list of choices, or not in the form that the setting wants.',
    'Choose a value that the message allows.',
  ),
  C4205: warning(
    'An old spelling of a parameter',
    'Older guides spell some parameters differently. The value counts, and the spelling may go away.',
    'Use the name in the message.',
  ),
  C4206: error(
    'A number prefix without quotes',
    'Without quotes YAML reads a prefix as a number, and 0044, 44 and 44.0 become the same thing or lose digits in every program that rewrites the file.',
    'Put the prefix in quotes: "0044".',
  ),
  C4207: error(
    'A parameter stands under two spellings',
    'The parameter is set twice, once by an old name, and nothing says which value is meant.',
    'Keep the line with the canonical name.',
  ),
  C4208: error(
    'A secret stands in the configuration',
    'The configuration is versioned, reviewed and copied; a password in it is known to everybody who ever reads the repository.',
    'Write { env: NAME } or { file: PATH } and keep the secret there. Change the secret that was shown.',
  ),
  C4209: error(
    'A number in an unusual form',
    'Programs disagree about such numbers: 010 is ten in YAML 1.2 and eight in YAML 1.1, and 0x10, 1e3 or .5 are easily misread in a review.',
    'Write the number in plain decimal digits.',
  ),
};
