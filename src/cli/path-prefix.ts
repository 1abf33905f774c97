/** What stands before the paths of a configuration directory when they are told to whoever typed the command. */
import { relative } from 'node:path';
import type { Io } from './io.ts';

export function pathPrefixOf(directory: string, io: Io): string {
  const path = relative(io.workingDirectory, directory);
  if (path === '') return '';
  return `${path.startsWith('..') ? directory : path}/`;
}
