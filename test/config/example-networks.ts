/** The configurations that stand in this repository. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectDirectory } from '../support/source-files.ts';

/**
 * Between them they use every setting there is, in each of its forms; the tests of the schemas make their mistakes in
 * them. The others have what cannot stand beside something in the first.
 */
export const everything: readonly string[] = ['everything', 'other-forms', 'other-secret'].map(folder =>
  join(projectDirectory, 'test', 'config', folder),
);

const notOurs = /^(?:node_modules|dist.*|\..+|var)$/;

/** Every folder with a switch.yaml, relative to the project; '' is the project itself. */
export function exampleNetworks(folder = ''): readonly string[] {
  const within = readdirSync(join(projectDirectory, folder), { withFileTypes: true })
    .filter(entry => entry.isDirectory() && !notOurs.test(entry.name))
    .flatMap(entry => exampleNetworks(join(folder, entry.name)));
  return existsSync(join(projectDirectory, folder, 'switch.yaml')) ? [folder, ...within] : within;
}
