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
};
