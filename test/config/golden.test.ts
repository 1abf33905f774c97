import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sourceLines } from '../../src/cli/source-lines.ts';
import { lintAsOf } from '../../src/config/lint/lint-as-of.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import type { Places, Snapshot } from '../../src/config/snapshot.ts';
import { catalogue } from '../../src/diagnostics/codes.ts';
import type { Diagnostic } from '../../src/diagnostics/diagnostic.ts';
import { printDiagnostics } from '../../src/diagnostics/print.ts';
import { loadScenarios } from '../../src/sim/files/load-scenarios.ts';
import { forgetActual, inDirectory, readGoldens, writeActual } from './golden-files.ts';

const test = suite('config/golden');

const goldens = readGoldens();

for (const golden of goldens) {
  test(`says what ${golden.name}.golden says`, () => {
    const actual = inDirectory(golden, (directory, limits) => {
      const lint = /^lint: (.+)$/m.exec(golden.input);
      const options = lint === null ? {} : { lint: lintAsOf(Date.parse(lint[1]!)) };
      const { diagnostics, snapshot } = loadConfiguration(directory, limits, options);
      const said = printed(directory, diagnostics);
      if (snapshot === null) return said;
      const scenarios = /^scenarios: (.+)$/m.exec(golden.input);
      if (scenarios !== null) {
        const loaded = loadScenarios(scenarios[1]!.split(' '), directory, snapshot, { limits });
        return `${said}${printed(directory, loaded.diagnostics)}${loaded.files.length} files, ${loaded.scenarios.length} scenarios\n`;
      }
      return `${said}${/^show: snapshot$/m.test(golden.input) ? shown(snapshot) : `good ${snapshot.hash}\n`}`;
    });

    if (actual === golden.expected) return forgetActual(golden);
    writeActual(golden, actual);
    assert.is(actual, golden.expected);
  });
}

function printed(directory: string, diagnostics: readonly Diagnostic[]): string {
  return printDiagnostics(diagnostics, 'text', { sourceLine: sourceLines(directory, diagnostics) });
}

test('every code has a golden that shows it, and every golden is named for what it shows', () => {
  const shownCodes = goldens.map(({ name }) => /^C\d{4}/.exec(name)?.[0]).filter(code => code !== undefined);
  const missing = Object.keys(catalogue).filter(code => !shownCodes.includes(code));
  const mistaken = goldens.filter(({ name, expected }) => {
    const code = /^C\d{4}/.exec(name)?.[0];
    return code !== undefined && !expected.includes(` ${code} `);
  });

  assert.equal(missing, []);
  assert.equal(
    mistaken.map(({ name }) => name),
    [],
  );
});

/** How prefixes are laid out is the business of the tables' own rooms. */
const layout = new Set(['changesAtMs', 'offsetsMs', 'nodes', 'values', 'nextRow', 'steps', 'routes']);

/** Everything in a Snapshot but the commit, which belongs to the work tree and not to the files. */
function shown(snapshot: Snapshot): string {
  const { commit: _, ...rest } = snapshot;
  const text = JSON.stringify(
    rest,
    (key, value: unknown) => {
      if (layout.has(key)) return undefined;
      if (key === 'places') return placesText(value as Places);
      if (typeof value === 'bigint') return `${value}n`;
      if (value === Infinity || value === -Infinity) return String(value);
      if (ArrayBuffer.isView(value)) return `[${[...(value as Uint8Array)].join(', ')}]`;
      return value;
    },
    2,
  );
  return `${text}\n`;
}

function placesText({ settings, at, inherited }: Places): unknown {
  const own = settings.map((path, i) => [path, `${at[2 * i]}:${at[2 * i + 1]}`]);
  const others = Object.entries(inherited).map(([path, { file, line, column }]) => [
    path,
    `${file}:${line}:${column}`,
  ]);
  return Object.fromEntries([...own, ...others]);
}

test.run();
