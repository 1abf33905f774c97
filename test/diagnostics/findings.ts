/** Findings for the tests of the printers. */
import { diagnose } from '../../src/diagnostics/collect.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';

export const duplicate = diagnose(
  'C4303',
  { file: 'gateways/routing/acme.yaml', line: 6, column: 5 },
  'the prefix "44" stands twice',
  {
    related: [{ file: 'gateways/routing/acme.yaml', line: 4, column: 5, message: 'it stands here already' }],
  },
);

export const oldSpelling = diagnose('C4205', { file: 'switch.yaml', line: 5, column: 3 }, 'an old spelling', {
  hint: 'Write the new one.',
});

export const aboutAll = diagnose('C4001', { file: '.', line: 1, column: 1 }, 'gone');

/** Many findings in two files, the warnings before the errors. */
export function many(warnings: number, errors: number): readonly Diagnostic[] {
  const at = (file: string, line: number) => ({ file, line, column: 1 });
  return [
    ...Array.from({ length: warnings }, (_, i) =>
      diagnose('C4205', at('switch.yaml', i + 1), `warning ${i + 1}`),
    ),
    ...Array.from({ length: errors }, (_, i) =>
      diagnose('C4401', at('rates/acme.csv', i + 2), `error ${i + 1}`),
    ),
  ];
}
