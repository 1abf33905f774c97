/** What lint must know of a configuration directory that does not stand in its files. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { folderFor } from '../kinds.ts';
import { lookAtSecret, type SecretFile } from '../read/secret-file.ts';
import type { LintContext } from './finding.ts';
import type { LintFacts } from './lint.ts';

export function lookAround(directory: string, context: LintContext): LintFacts {
  return { decks: decksIn(directory), secrets: secretsOf(directory, context) };
}

function decksIn(directory: string): readonly string[] {
  const folder = folderFor('rate-table');
  try {
    return readdirSync(join(directory, folder))
      .filter(name => /^[^.].*\.csv$/i.test(name))
      .sort()
      .map(name => `${folder}/${name}`);
  } catch {
    // Without the folder there are no decks in it; that it cannot be read has been said.
    return [];
  }
}

function secretsOf(directory: string, { directory: parsed, snapshot }: LintContext): readonly SecretFile[] {
  const { server } = snapshot.switch.sip;
  if (server.kind !== 'drachtio' || !('file' in server.secret)) return [];
  const stated = parsed.switch.stated.get('sip.server.secret.file');
  const place = stated?.place ?? { file: 'switch.yaml', line: 1, column: 1 };
  return [lookAtSecret(directory, server.secret.file, place)];
}
