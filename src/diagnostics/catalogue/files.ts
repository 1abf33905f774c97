/** C40: the files of a configuration directory. */
import { error, warning } from './entry.ts';

export const files = {
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
  C4008: error(
    'A link leads out of the configuration directory',
    'The file, or a folder on its way, is a symbolic link to something outside. Whoever may write such a link could have any file of the machine read and quoted, and what is outside is in no commit. Links that stay inside, as in a mounted Kubernetes ConfigMap, are followed.',
    'Put a copy of the file into the directory, or start the switch with --config for the directory that the link leads to.',
  ),
  C4009: warning(
    'A file name that not every system can keep',
    'On macOS and Windows two names that differ in case only are one file, so a work tree there loses one of the two; and Windows keeps names such as CON and NUL to itself. The switch reads both.',
    'Rename the file, and the object where it is used.',
  ),
};
