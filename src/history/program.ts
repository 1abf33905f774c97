/** Which program made a compiled form. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { endianness } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What decides how a Snapshot looks, and what is read out of it. */
const compilingRooms = ['calendar', 'config', 'prefixes', 'rating', 'routing'];

const known = new Map<string, string>();

/**
 * Another one whenever anything of the program is another one that a compiled Snapshot depends on, or anything in more
 * rooms: a version number would not tell two builds of one version apart.
 */
export function programIdentity(moreRooms: readonly string[] = []): string {
  const wanted = [...compilingRooms, ...moreRooms];
  const key = wanted.join(' ');
  const identity = known.get(key) ?? identityOf(fileURLToPath(new URL('../', import.meta.url)), wanted);
  known.set(key, identity);
  return identity;
}

function identityOf(directory: string, rooms: readonly string[]): string {
  const digest = createHash('sha256').update(`${endianness()} ${process.versions.v8}`);
  for (const room of rooms) {
    for (const path of readdirSync(join(directory, room), { recursive: true, encoding: 'utf8' }).sort()) {
      if (!path.endsWith('.js')) continue;
      digest.update(`\n${room}/${path}\n`).update(readFileSync(join(directory, room, path)));
    }
  }
  // The schemas hold the defaults.
  const schemas = join(directory, '..', '..', 'schemas');
  for (const name of readdirSync(schemas).sort()) {
    digest.update(`\n${name}\n`).update(readFileSync(join(schemas, name)));
  }
  return digest.digest('hex').slice(0, 32);
}
