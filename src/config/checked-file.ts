/** One YAML file, read and held against its schema: what of it can be trusted. */
import { join } from 'node:path';
import type { Findings } from './findings.ts';
import { wordsFor } from './kinds.ts';
import type { Limits } from './limits.ts';
import { Fields, without } from './parse/fields.ts';
import type { ScopedComment } from './read/comments.ts';
import { decodeText, readBytes } from './read/file.ts';
import type { Confinement } from './read/links.ts';
import type { ListedFile } from './read/list-files.ts';
import type { Located, Path } from './read/located.ts';
import { readYaml } from './read/yaml.ts';
import { shapeOf } from './resolve/shape.ts';
import { checkSchema } from './schema/check.ts';
import { withCanonicalParameters } from './schema/old-spellings.ts';
import { readSchema } from './schema/read.ts';

export interface CheckedFile {
  /** What of the file can be trusted. */
  readonly fields: Fields;
  /** Something was wrong, so what is absent may be there and unreadable. */
  readonly incomplete: boolean;
  /** The file as it stands; empty when it is no YAML. */
  readonly root: Located;
  /** What of it is wrong and left out of `fields`; the empty path is all of it. */
  readonly wrong: readonly Path[];
  /** The comments that speak to this program. */
  readonly comments: readonly ScopedComment[];
}

/** Depends on nothing but the bytes of the file and its schema. */
export function readCheckedFile(
  confinement: Confinement,
  file: ListedFile,
  limits: Limits,
  findings: Findings,
): CheckedFile {
  const top = { file: file.path, line: 1, column: 1 };
  const shape = shapeOf(file.kind);
  const empty = emptyNode(top);
  const nothing = {
    fields: new Fields(empty, shape),
    incomplete: true,
    root: empty,
    wrong: [[]],
    comments: [],
  };
  const contents = readBytes(
    join(confinement.directory, file.path),
    top,
    file.path,
    limits.yamlBytes,
    confinement,
  );
  if ('problem' in contents) {
    findings.take([contents.problem]);
    return nothing;
  }
  const decoded = decodeText(contents.bytes, file.path);
  if ('problem' in decoded) {
    findings.take([decoded.problem]);
    return nothing;
  }
  const { root, diagnostics, comments } = readYaml(decoded.text, file.path, limits);
  findings.take(diagnostics);
  if (root === null) return nothing;
  const canonical =
    file.kind === 'switch' ? withCanonicalParameters(root, readSchema('switch'), findings) : root;
  if (canonical.children === null || Array.isArray(canonical.value)) {
    const kind = wordsFor(file.kind);
    const message =
      canonical.value === null ? `the ${kind} file is empty` : `the ${kind} file is not a mapping with keys`;
    findings.add('C4203', canonical.place, message, { hint: shapeHint(canonical.value) });
    return nothing;
  }
  const check = checkSchema(file.kind, canonical, limits.findingsPerFile);
  findings.take(check.diagnostics);
  return {
    fields: new Fields(without(canonical, check.wrong), shape),
    incomplete: check.diagnostics.length > 0 || diagnostics.length > 0,
    root: canonical,
    wrong: check.wrong,
    comments,
  };
}

/** `kind:vendor` and `kind = vendor` are one text for YAML. */
function shapeHint(value: unknown): string {
  const almost = typeof value === 'string' ? /^([A-Za-z]\w*)\s*[:=]\s*(\S.{0,40})$/.exec(value) : null;
  if (almost !== null) return `Write "${almost[1]}: ${almost[2]}", with a space behind the colon.`;
  return 'Write the settings as lines of the form "key: value".';
}

function emptyNode(place: Located['place']): Located {
  return { value: {}, place, source: null, quoted: false, children: new Map() };
}
