/**
 * The catalogue of diagnostics. A code is stable: it keeps its meaning for ever, and the code of a finding that no
 * longer exists is written down here as retired and never used again.
 *
 * C40 files · C41 YAML · C42 the shape of one file · C43 between files · C44 rate tables · C45 lint · C47 scenarios
 */
import { files } from './catalogue/files.ts';
import { lint } from './catalogue/lint.ts';
import { rates } from './catalogue/rates.ts';
import { references } from './catalogue/references.ts';
import { scenarios } from './catalogue/scenarios.ts';
import { shape } from './catalogue/shape.ts';
import { yaml } from './catalogue/yaml.ts';

export const catalogue = { ...files, ...yaml, ...shape, ...references, ...rates, ...lint, ...scenarios };

export type Code = keyof typeof catalogue;

/** What stays of a code whose finding no longer exists. */
export interface RetiredCode {
  /** As it was: a few words, without a full stop. */
  readonly title: string;
  /** The version since which it is not given any more. */
  readonly retiredIn: string;
  /** Why, in a sentence. */
  readonly reason: string;
  readonly replacedBy: Code | null;
}

/** Codes that once existed. They must not be used again. */
export const retiredCodes: Readonly<Record<string, RetiredCode>> = {};
