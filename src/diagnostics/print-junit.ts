/** For the test reports of Jenkins and GitLab: one test case per file, so that good files are seen, too. */
import { countOf } from './count.ts';
import type { Diagnostic } from './diagnostic.ts';
import { printText } from './print-text.ts';
import { type PrintOptions, shownFile } from './shown-file.ts';
import { element, textElement } from './xml.ts';

export function printJunit(diagnostics: readonly Diagnostic[], options: PrintOptions): string {
  const byFile = new Map<string, Diagnostic[]>((options.files ?? []).map(file => [file, []]));
  for (const diagnostic of diagnostics) {
    const found = byFile.get(diagnostic.place.file) ?? [];
    byFile.set(diagnostic.place.file, found);
    found.push(diagnostic);
  }
  const folders = new Map<string, string[]>();
  for (const file of byFile.keys()) {
    const folder = folderOf(file);
    folders.set(folder, [...(folders.get(folder) ?? []), file]);
  }
  const suites = [...folders].map(([folder, files]) => testSuite(folder, files, byFile, options));
  const totals = totalsOf([...byFile.values()]);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', { name: 'class4', ...totals }, suites)}\n`;
}

function testSuite(
  folder: string,
  files: readonly string[],
  byFile: ReadonlyMap<string, readonly Diagnostic[]>,
  options: PrintOptions,
): string {
  const cases = files.map(file => testCase(folder, file, byFile.get(file)!, options));
  return element('testsuite', { name: folder, ...totalsOf(files.map(file => byFile.get(file)!)) }, cases);
}

/** Jenkins and GitLab read one failure of a test case, so all errors of the file stand in it. */
function testCase(folder: string, file: string, found: readonly Diagnostic[], options: PrintOptions): string {
  const path = shownFile(file, options);
  const errors = found.filter(({ severity }) => severity === 'error');
  const warnings = found.filter(({ severity }) => severity === 'warning');
  const [first] = errors;
  const others = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const plain = { ...options, colour: false };
  return element(
    'testcase',
    { name: path, classname: `class4.${folder.replaceAll('/', '.')}`, file: path, time: 0 },
    [
      ...(first === undefined
        ? []
        : [
            textElement(
              'failure',
              { message: `${first.message}${others}`, type: first.code },
              printText(errors, plain),
            ),
          ]),
      ...(warnings.length === 0 ? [] : [textElement('system-out', {}, printText(warnings, plain))]),
    ],
  );
}

function totalsOf(files: readonly (readonly Diagnostic[])[]) {
  const failures = files.filter(found => countOf(found, 'error') > 0).length;
  return { tests: files.length, failures, errors: 0, skipped: 0, time: 0 };
}

/** Where the kinds of objects are told apart: `gateways/routing`; files at the top make a suite of their own. */
function folderOf(file: string): string {
  const cut = file.lastIndexOf('/');
  return cut < 0 ? 'configuration' : file.slice(0, cut);
}
