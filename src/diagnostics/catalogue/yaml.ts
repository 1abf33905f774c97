/** C41: the YAML of one file. */
import { error } from './entry.ts';

export const yaml = {
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
  C4106: error(
    'A merge key',
    'The key << comes from YAML 1.1. YAML 1.2 has none, so programs disagree about what it does; and a reader could not see at a value where it comes from.',
    'Write the settings out. What many objects have in common belongs into the parameters of switch.yaml or into the account.',
  ),
  C4107: error(
    'A tag before a value',
    'Tags such as !!str or !include change what a value is, or ask a program to do something. Settings are plain values, and nothing is included.',
    'Remove the tag. A text that looks like a number needs quotes: "044".',
  ),
  C4108: error(
    'A YAML directive',
    'Lines that begin with % above the settings change how the file is read. All files are YAML 1.2, in which yes is a text and 010 is ten; in YAML 1.1 they are not.',
    'Remove the line.',
  ),
  C4109: error(
    'A control character',
    'NUL and other control characters are in no YAML file that is whole: the disk, a transfer or a copy from a terminal has left them there, and editors do not show them.',
    'Remove the character, or restore the file from its repository.',
  ),
};
