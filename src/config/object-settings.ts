/** What one object of a configuration is set to, read from its own file and those it inherits from alone. */
import { type CheckedFile, readCheckedFile } from './checked-file.ts';
import { Findings } from './findings.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { Confinement } from './read/links.ts';
import type { ListedFile } from './read/list-files.ts';
import { type ListedSetting, listSettings } from './resolve/list-settings.ts';
import { shapeOf } from './resolve/shape.ts';
import { type Stated, statedIn, withWrong } from './resolve/stated.ts';

const switchFile: ListedFile = { kind: 'switch', name: 'switch', path: 'switch.yaml' };

/**
 * Every setting of the object, the inherited and the default ones included. It answers for files with errors, too:
 * what is wrong in them has the origin `wrong`. Of a file that cannot be read at all, that is everything.
 */
export function objectSettings(
  directory: string,
  file: ListedFile,
  limits: Limits = defaultLimits,
): readonly ListedSetting[] {
  const confinement = new Confinement(directory);
  const read = (one: ListedFile) => readCheckedFile(confinement, one, limits, new Findings());
  const own = statedOf(file, read(file));
  const top = file.kind === 'switch' ? own : statedOf(switchFile, read(switchFile));
  return listSettings(file.kind, own, { switch: top });
}

function statedOf({ kind }: ListedFile, { fields, root, wrong }: CheckedFile): Stated {
  const shape = shapeOf(kind);
  return withWrong(statedIn(fields.node, shape), root, shape, wrong);
}
