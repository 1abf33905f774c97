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
  C4220: error(
    'A range of lengths that holds none',
    'A range of lengths goes from the shorter to the longer one, and no number is longer than 63 digits.',
    'Write it as the message says, for example "7-15".',
  ),
  C4221: error(
    'A dial plan rule that cannot be read',
    'A rule is original:target in the syntax of VOS3000. One that is skipped or guessed at would send calls to numbers that nobody dialled.',
    'Correct the rule as the message says. docs/dial-plans.md has the whole syntax.',
  ),
  C4222: error(
    'Shares that make no whole',
    'The route shares of a gateway divide all of its calls: each tag has one share, and together they are 100 percent.',
    'Correct the shares so that they add up to 100.',
  ),
  C4223: error(
    'A line that is no number',
    'Each line of the file of a number list is one number, or the beginning of numbers with an asterisk behind it. A line that is skipped is a number that gets through a black list.',
    'Correct the line, or remove it.',
  ),
  C4224: warning(
    'A number stands twice in its list',
    'Nothing is wrong with the list, but often something is with the way it was put together: a part that was added twice, or an old version.',
    'Remove one of the two.',
  ),
  C4225: error(
    'A number list without numbers',
    'A white list without numbers refuses every call, and a black list without numbers refuses none. A file that arrives empty is nearly always a failed transfer.',
    'Add numbers or prefixes, or remove the list and what refers to it.',
  ),
  C4226: warning(
    'A dial plan rule that never counts',
    'Of all rules that fit a number, the one whose original fits best is the only one that counts, whatever their order. This one never is, or asks for lengths that no number has.',
    'Remove the rule, or make its original different.',
  ),
  C4227: error(
    'A dial plan rule that makes no number',
    'Whatever number the rule fits becomes empty, or longer than any number may be. Such a call can only fail.',
    'Correct the target of the rule.',
  ),
  C4228: error(
    'Slices that do not divide their window',
    'The measured quality of gateways is kept in slices of SS_GATEWAY_QUALITY_RESERVE_SEPARATE seconds over SS_GATEWAY_QUALITY_RESERVE_TIME seconds: at least one and at most 1440 of them.',
    'Make the slices shorter than the window, and not more than 1440.',
  ),
};
