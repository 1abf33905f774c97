/** A copy of the example network that a test may break, and commands typed in it. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { runCommandLine } from '../../src/cli/cli.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../store/records.ts';
import { projectDirectory } from '../support/source-files.ts';

export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export function exampleDirectory(): TemporaryDirectory {
  const directory = temporaryDirectory();
  for (const path of ['switch.yaml', 'gateways', 'accounts', 'rates', 'calendars']) {
    cpSync(join(projectDirectory, path), join(directory.path, path), { recursive: true });
  }
  return directory;
}

/** Types `class4` with these arguments in the directory. */
export async function typeIn(directory: TemporaryDirectory, args: readonly string[]): Promise<CommandResult> {
  let out = '';
  let err = '';
  const code = await runCommandLine(args, {
    out: text => {
      out += text;
    },
    err: text => {
      err += text;
    },
    colour: false,
    env: {},
    workingDirectory: directory.path,
  });
  return { code, out, err };
}
