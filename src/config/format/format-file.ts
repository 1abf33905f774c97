/** One file of a configuration → its canonical text. */
import { join } from 'node:path';
import { diagnose } from '../../diagnostics/collect.ts';
import type { Limits } from '../limits.ts';
import { CsvScanner } from '../read/csv-scanner.ts';
import { decodeText, readBytes } from '../read/file.ts';
import { Confinement } from '../read/links.ts';
import { formatDeck } from './format-deck.ts';
import { type Formatted, formatYaml } from './format-yaml.ts';
import { modelineFor } from './modeline.ts';
import type { DeckForm, Target } from './targets.ts';

export type FormattedFile = (Formatted & { readonly text?: string }) & {
  /** The bytes that were formatted; null when they could not be read. */
  readonly before: Buffer | null;
};

/** `bytes` stand in for what the file holds, as when an editor has not saved it yet. */
export function formatFile(target: Target, limits: Limits, bytes: Buffer | null = null): FormattedFile {
  const { directory, file, form } = target;
  const place = { file, line: 1, column: 1 };
  const limit = form.kind === 'deck' ? limits.deckBytes : limits.yamlBytes;
  const contents =
    bytes === null
      ? readBytes(join(directory, file), place, file, limit, new Confinement(directory))
      : { bytes };
  if ('problem' in contents) return { problems: [contents.problem], before: null };
  const before = contents.bytes;
  const decoded = decodeText(before, file);
  if ('problem' in decoded) return { problems: [decoded.problem], before };
  const { text } = decoded;
  if (form.kind === 'deck') return { ...formatDeckFile(file, text, form.deck), before };
  const modeline = modelineFor(directory, join(directory, file), form.kind, text);
  return { ...formatYaml({ kind: form.kind, file, text, modeline }, limits), before };
}

function formatDeckFile(file: string, text: string, form: DeckForm): Formatted {
  const scanner = new CsvScanner(text, form.delimiter);
  if (!scanner.next()) return { text };
  const header = Array.from({ length: scanner.fieldCount }, (_, i) => scanner.field(i));
  const place = { file, line: scanner.line, column: 1 };
  const missing = [form.prefix, form.effectiveFrom].find(name => name !== null && !header.includes(name));
  if (missing !== undefined) {
    return {
      problems: [diagnose('C4405', place, `the deck has no column "${missing}", by which it is sorted`)],
    };
  }
  const { prefix, delimiter } = form;
  const effectiveFrom = form.effectiveFrom === null ? -1 : header.indexOf(form.effectiveFrom);
  const formatted = formatDeck({ text, delimiter, prefix: header.indexOf(prefix), effectiveFrom });
  if ('text' in formatted) return formatted;
  return { problems: [diagnose('C4406', { file, line: formatted.line, column: 1 }, formatted.problem)] };
}
