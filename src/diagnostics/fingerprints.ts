/** Names for findings by which a service recognises one that it has seen in an earlier commit. */
import { createHash } from 'node:crypto';
import type { Diagnostic } from './diagnostic.ts';

/**
 * One for each finding, in their order, all different: 32 hexadecimal digits. They come from the code, the file and
 * the message and not from the line, so that a finding stays the same when lines above it come and go; equal findings
 * of one file are told apart by their order.
 */
export function fingerprints(diagnostics: readonly Diagnostic[]): readonly string[] {
  const seen = new Map<string, number>();
  return diagnostics.map(({ code, place, message }) => {
    const said = JSON.stringify([code, place.file, message]);
    const ordinal = (seen.get(said) ?? 0) + 1;
    seen.set(said, ordinal);
    return createHash('sha256').update(`${said} ${ordinal}`).digest('hex').slice(0, 32);
  });
}
