/** A side of a comparison that does not compile, told with its findings. */
import { join } from 'node:path';
import { counted } from '../diagnostics/count.ts';
import { printDiagnostics } from '../diagnostics/print.ts';
import type { ChosenSide } from '../plan/sides/choose-side.ts';
import type { BrokenSide } from '../plan/sides/load-sides.ts';
import type { Io } from './io.ts';
import { pathPrefixOf } from './path-prefix.ts';
import { sourceLines } from './source-lines.ts';

/** `command` is what it cannot be compared for. */
export function tellBroken(command: string, { side, diagnostics, directory }: BrokenSide, io: Io): void {
  io.err(
    printDiagnostics(diagnostics, 'text', {
      colour: io.colour,
      pathPrefix: prefixOf(side, io),
      sourceLine: sourceLines(directory, diagnostics),
    }),
  );
  io.err(
    `class4 ${command}: ${side.name.label} cannot be compared: ${counted(diagnostics.length, 'error')}\n`,
  );
}

/** Files of a commit are named as git names them: `main:voice/switch.yaml`. */
function prefixOf(side: ChosenSide, io: Io): string {
  if (side.kind === 'directory') return pathPrefixOf(side.directory, io);
  if (side.kind === 'live') return '';
  if (side.kind === 'version') return `${side.name.name}:`;
  return `${side.commit.slice(0, 12)}:${join(side.folder)}`.replace(/:\.$/, ':');
}
