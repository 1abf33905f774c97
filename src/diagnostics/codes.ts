/**
 * The catalogue of diagnostics. A code is stable: it keeps its meaning for ever, and the code of a finding that no
 * longer exists is written down here as retired and never used again.
 *
 * C40 files · C41 YAML · C42 the shape of one file · C43 between files · C44 rate tables
 */
import type { Diagnostic } from './diagnostic.ts';

export interface CatalogueEntry {
  readonly severity: Diagnostic['severity'];
  /** A few words, without a full stop. */
  readonly title: string;
  /** What is wrong and why it matters. */
  readonly explanation: string;
  readonly advice: string;
}

function error(title: string, explanation: string, advice: string): CatalogueEntry {
  return { severity: 'error', title, explanation, advice };
}

function warning(title: string, explanation: string, advice: string): CatalogueEntry {
  return { severity: 'warning', title, explanation, advice };
}

const files = {
  C4001: error(
    'The configuration directory cannot be read',
    'The directory, or one of its folders, does not exist, is not a directory, or may not be read by this user.',
    'Check the path after --config and the permissions of the folder (it needs r and x).',
  ),
  C4002: error(
    'A file cannot be read',
    'The file is there but its contents are not: permission is missing, a symbolic link leads nowhere or in a circle, or something that is not a file has the name of one.',
    'Make it an ordinary file which the user of the switch may read.',
  ),
  C4003: error(
    'Too large',
    'A file, or the number of objects, passes what the switch is built for. The limit keeps a mistaken file from filling the memory of a running switch.',
    'Move large rate tables into a CSV deck, and split decks that pass the limit.',
  ),
  C4004: error(
    'A file is not UTF-8',
    'All files are UTF-8. Other encodings would change names and numbers silently.',
    'Save the file as UTF-8. Spreadsheets call it "CSV UTF-8".',
  ),
  C4005: error(
    'A file stands where it is not read',
    'The folder of a file decides its kind, and only names that end in .yaml are read. This one looks as if it should count, and would not.',
    'Move it to gateways/mapping/, gateways/routing/, accounts/ or rates/, end its name in .yaml, or remove it.',
  ),
  C4006: error(
    'A file name is no object name',
    'The name of the file without .yaml is the name of the object, which other files, records and commands use.',
    'Use letters, digits, dots, dashes and underscores, at most 64 of them, starting with a letter or digit.',
  ),
  C4007: error(
    'There is no switch.yaml',
    'Every configuration has a switch.yaml at its top, which says where the switch listens and in which currency it counts.',
    'Create switch.yaml, or name the right directory with --config.',
  ),
};

const yaml = {
  C4101: error(
    'Not valid YAML',
    'The file is not YAML 1.2, so nothing in it can be understood reliably.',
    'Mend the place shown. The usual causes are a tab in the indentation, an indentation that does not match, and a missing quote.',
  ),
  C4102: error(
    'A key stands twice',
    'YAML programs disagree about which of two equal keys wins, so the switch takes neither.',
    'Keep one of the two lines.',
  ),
  C4103: error(
    'More than one YAML document',
    'One file describes one object. What stands after the line --- would not be read.',
    'Put every object into a file of its own.',
  ),
  C4104: error(
    'Aliases expand too far',
    'A few lines of anchors and aliases can stand for billions of values, or for themselves. The switch follows them only up to a limit.',
    'Write the values out, or use fewer aliases.',
  ),
  C4105: error(
    'Nested too deeply',
    'No setting is that deep; a file like this is broken or hostile.',
    'Look for brackets that are never closed.',
  ),
};

const shape = {
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
};

const references = {
  C4301: error(
    'A name that nothing has',
    'The setting names an account, gateway or rate table for which there is no file.',
    'Correct the name, or create the file.',
  ),
  C4302: error(
    'An account of the wrong kind',
    'A mapping gateway is paid for by a customer account; the clearing account of a routing gateway is a vendor account.',
    'Name an account of the right kind, or correct `kind` in its file.',
  ),
  C4303: error(
    'A prefix stands twice in one gateway',
    'One prefix of one gateway is one route. Twice, with two modes perhaps, leaves open which one is meant.',
    'Remove one of the two.',
  ),
  C4304: error(
    'Two mapping gateways that cannot be told apart',
    'The same packet could come from either, so nobody could say who pays for the call. Gateways may share an address only when their allowed callers or callees begin differently.',
    'Make the addresses or ports differ, or give both callerPrefixes or calleePrefixes that exclude each other.',
  ),
  C4305: error(
    'A customer without prices',
    'Every call of a customer needs a rate. An account that is neither rated nor marked as free of charge would have all its calls refused.',
    'Add rateTable, or unrated: true when its calls are free of charge.',
  ),
  C4306: error(
    'Rates are checked, but there are none',
    'checkRate drops a gateway when its vendor has no rate for the number; a vendor without a rate table has none for any number.',
    'Add rateTable to the vendor account, or remove checkRate.',
  ),
  C4307: error(
    'Settings that contradict each other',
    'Both settings cannot be true, and the switch does not guess which one to ignore.',
    'Remove one of the two.',
  ),
  C4308: error(
    'Not an address',
    'The text is neither an IP address nor, where that is allowed, a range of addresses or a host name, or the port is missing or out of range.',
    'Write 192.0.2.1, 192.0.2.0/24, 192.0.2.1:5060 or [2001:db8::1]:5060, as the message says.',
  ),
  C4309: error(
    'Two listeners on one address',
    'Two entries of sip.listen ask for the same transport, address and port; only one of them could be opened.',
    'Remove one of the two.',
  ),
  C4310: warning(
    'Mixed prefix modes',
    'Several gateways have this prefix, some in Expiration and some in Extension mode. One Expiration gateway that the caller may use ends the search, also for those in Extension mode.',
    'Give the prefix the same mode in all of them, or keep it so when that is what you mean.',
  ),
};

const rates = {
  C4401: error(
    'A rate row without a valid prefix',
    'The prefix of a rate is digits (and the letters used as route tags), without spaces, plus sign or dashes.',
    'Correct the prefix in the row.',
  ),
  C4402: error(
    'A rate row without a valid price',
    'Prices are exact: a plain decimal number which is not negative, with at most 10 decimals and no thousands separators, currency signs or exponents.',
    'Correct the price in the row, for example 0.0125.',
  ),
  C4403: error(
    'A rate row with an invalid value',
    'Increments, unit, lock or dates of the row cannot be read, so the price would be applied wrongly.',
    'Correct the value in the row as the message says.',
  ),
  C4404: error(
    'Two rates for one prefix at one time',
    'Two rows of the table have the same prefix and are valid at the same time, so a call would have two prices.',
    'Remove one of the two, or make their effective dates follow each other.',
  ),
  C4405: error(
    'A column is missing in the deck',
    'The header of the CSV file has no column of the name that the rate table asks for, or has it twice.',
    'Correct `columns` in the rate table, or the header of the deck.',
  ),
  C4406: error(
    'A malformed CSV row',
    'The row has more or fewer fields than the header, or a quoted field does not end, so its columns cannot be told.',
    'Correct the row. A field with a comma in it needs quotes.',
  ),
  C4407: error(
    'More problems in this file',
    'Only the first problems of a file are listed, because one mistake, such as a wrong column, can make every line wrong.',
    'Correct those that are listed and validate again.',
  ),
  C4408: error(
    'A rate table without rows',
    'The table has no rows, neither in the file nor in a deck, so every call that it rates would be refused. A deck that arrives empty is nearly always a failed transfer.',
    'Add rows, or name a deck that has some.',
  ),
};

export const catalogue = { ...files, ...yaml, ...shape, ...references, ...rates };

export type Code = keyof typeof catalogue;

/** Codes that once existed. They must not be used again. */
export const retiredCodes: readonly string[] = [];
