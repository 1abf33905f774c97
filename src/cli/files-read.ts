/** Where the files stand that a running switch read last. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { askSwitch } from '../control/client.ts';
import type { StatusReport } from '../live/operations.ts';
import { sourceFolder } from '../live/sources/git-source.ts';

/**
 * The directory of the switch, or that of a commit when the switch follows a repository.
 * @throws when no switch answers
 */
export async function directoryRead(directory: string): Promise<string> {
  const { source } = (await askSwitch(directory, 'GET', '/status')) as StatusReport;
  if (source.kind === 'directory') return directory;
  const commit = source.refused?.commit ?? source.commit;
  const checkout = join(directory, sourceFolder, 'checkouts', commit ?? '');
  return commit !== null && existsSync(checkout) ? checkout : directory;
}
