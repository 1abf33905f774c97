/** Where the readers of a report stand, so that its paths lead from there to the files. */
import { relative } from 'node:path';
import type { Io } from './io.ts';
import { pathPrefixOf } from './path-prefix.ts';

/** What to put before the paths of a directory's files: services count them from the top of the repository. */
export function readersPrefix(format: string, directory: string, io: Io): string {
  return pathPrefixOf(directory, { ...io, workingDirectory: readersPlace(format, directory, io) });
}

/** Wherever in the repository the command runs. */
function readersPlace(format: string, directory: string, io: Io): string {
  if (format !== 'github' && format !== 'gitlab' && format !== 'sarif') return io.workingDirectory;
  const tops = [io.env['GITHUB_WORKSPACE'], io.env['CI_PROJECT_DIR']];
  const top = tops.find(
    path => path !== undefined && path !== '' && !relative(path, directory).startsWith('..'),
  );
  return top ?? io.workingDirectory;
}
