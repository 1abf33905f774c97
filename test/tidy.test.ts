import { existsSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  codeOnly,
  functionSpans,
  importsOf,
  projectDirectory,
  readSource,
  type SourceFile,
  sourceFiles,
} from './support/source-files.ts';

const test = suite('tidy');

const product = sourceFiles('src');
const tests = sourceFiles('test');
const programs = [...product, ...tests, ...sourceFiles('bench'), ...sourceFiles('demo')];

/**
 * Who may import whom. A room always sees itself; an entry with a slash opens single files of a room that stays
 * closed otherwise.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  diagnostics: [],
  prefixes: [],
  config: ['diagnostics', 'prefixes', 'routing', 'rating'],
  import: ['config', 'diagnostics', 'prefixes', 'rating'],
  routing: ['config/snapshot.ts', 'prefixes', 'rating', 'calendar'],
  calendar: ['config/snapshot.ts'],
  rating: ['config/snapshot.ts', 'prefixes', 'cdr', 'calendar'],
  cdr: ['rating/money.ts'],
  call: ['routing', 'rating', 'cdr', 'config/snapshot.ts'],
  rollout: ['call/compared-calls.ts', 'call/canary.ts', 'cdr/record.ts', 'config/snapshot.ts'],
  store: ['cdr', 'rating/money.ts', 'diagnostics', 'history/history.ts', 'history/version-table.ts'],
  sip: ['call/inputs.ts', 'call/outputs.ts', 'config/snapshot.ts', 'diagnostics'],
  edge: [],
  history: ['config', 'diagnostics'],
  sim: ['call', 'config', 'cdr', 'diagnostics', 'explain', 'rating', 'routing', 'calendar', 'prefixes'],
  plan: [
    'call',
    'config',
    'cdr',
    'diagnostics',
    'explain',
    'rating',
    'routing',
    'calendar',
    'prefixes',
    'sim',
  ],
  replay: [
    'call',
    'config/snapshot.ts',
    'cdr',
    'diagnostics',
    'plan/report/report.ts',
    'rating',
    'routing',
    'sim',
    'store/past-calls.ts',
  ],
  control: ['live', 'diagnostics'],
  explain: [
    'call',
    'routing',
    'rating',
    'cdr',
    'config/snapshot.ts',
    'config/schema/suggest.ts',
    'sip/address.ts',
  ],
  live: [
    'explain',
    'history',
    'rollout',
    'call',
    'config',
    'cdr',
    'store',
    'sip',
    'edge',
    'control',
    'diagnostics',
    'rating',
    'routing',
  ],
  cli: ['*'],
  main: ['cli'],
};

/** Where a library lives, so that replacing it touches one room. */
const homes: Readonly<Record<string, readonly string[]>> = {
  yaml: ['src/config/read/', 'test/config/', 'bench/'],
  'csv-parse': ['test/config/'],
  ajv: ['src/config/schema/', 'test/config/', 'test/diagnostics/'],
  'vscode-languageserver-textdocument': ['test/config/'],
  'yaml-language-server': ['test/config/'],
  chokidar: ['src/live/'],
  'drachtio-srf': ['src/sip/', 'test/', 'bench/'],
  sqlite3: ['src/store/', 'test/', 'bench/'],
  uvu: ['test/'],
  'fast-check': ['test/'],
};

const pureRooms = ['prefixes', 'calendar', 'routing', 'rating', 'call', 'cdr', 'explain', 'rollout'];

function room(path: string): string {
  const parts = path.split('/');
  return parts.length === 2 ? parts[1]!.replace(/\.ts$/, '') : parts[1]!;
}

function isOpen(from: string, target: string): boolean {
  const to = room(target);
  if (from === to) return true;
  const allowed = mayImport[from] ?? [];
  return allowed.includes('*') || allowed.includes(to) || allowed.includes(target.replace(/^src\//, ''));
}

function complain(findings: readonly string[]): void {
  assert.is(findings.length, 0, `\n${findings.join('\n')}`);
}

test('rooms import only what the house allows', () => {
  const findings = product.flatMap(file =>
    importsOf(file)
      .filter(({ specifier }) => specifier.startsWith('.'))
      .filter(({ target }) => !isOpen(room(file.path), target))
      .map(({ line, target }) => `${file.path}:${line} ${room(file.path)} must not import ${target}`),
  );

  complain(findings);
});

test('every room has its place in the house rules', () => {
  complain([...new Set(product.map(file => room(file.path)))].filter(name => mayImport[name] === undefined));
});

test('every library has one home', () => {
  const findings = programs.flatMap(file =>
    importsOf(file)
      .filter(({ target }) => homes[target] !== undefined)
      .filter(({ target }) => !homes[target]!.some(home => file.path.startsWith(home)))
      .map(({ line, target }) => `${file.path}:${line} ${target} belongs in ${homes[target]!.join(', ')}`),
  );

  complain(findings);
});

test('every dependency is explained in ARCHITECTURE.md', () => {
  const manifest = JSON.parse(readSource('package.json').text) as Record<string, Record<string, string>>;
  const architecture = readSource('ARCHITECTURE.md').text;
  const packages = [
    ...Object.keys(manifest['dependencies'] ?? {}),
    ...Object.keys(manifest['devDependencies'] ?? {}),
  ];

  complain(packages.filter(name => !architecture.includes(`\`${name}\``)));
});

test('the pure core has no clock, randomness, timers, async or I/O', () => {
  const impure =
    /\bDate\.now\b|\bnew Date\(\)|\bperformance\b|\bMath\.random\b|\bset(?:Timeout|Interval|Immediate)\b|\bqueueMicrotask\b|\basync\b|\bawait\b|\bPromise\b|\bprocess\.|\bcrypto\b|\bfetch\(/;
  const findings = product
    .filter(file => pureRooms.includes(room(file.path)))
    .flatMap(file => [
      ...codeOnly(file).flatMap((line, index) => {
        const found = impure.exec(line);
        return found === null ? [] : [`${file.path}:${index + 1} ${found[0]}`];
      }),
      ...importsOf(file)
        .filter(({ target }) => target.startsWith('node:') && target !== 'node:assert')
        .map(({ line, target }) => `${file.path}:${line} ${target}`),
    ]);

  complain(findings);
});

test('only main ends the process, and only the log and the commands print', () => {
  const findings = product.flatMap(file =>
    codeOnly(file).flatMap((line, index) =>
      (/\bprocess\.exit\(/.test(line) && file.path !== 'src/main.ts') || /\bconsole\./.test(line)
        ? [`${file.path}:${index + 1} ${line.trim()}`]
        : [],
    ),
  );

  complain(findings);
});

/** A ratchet: a file or function listed here may shrink, and nothing else may grow past the limit. */
const fileLineLimit = 400;
const functionLineLimit = 70;
const longFiles: Readonly<Record<string, number>> = {};
const longFunctions: Readonly<Record<string, number>> = {};

test('files stay small', () => {
  complain(
    programs
      .filter(file => file.lines.length - 1 > (longFiles[file.path] ?? fileLineLimit))
      .map(file => `${file.path} has ${file.lines.length - 1} lines`),
  );
});

test('functions fit a screen', () => {
  complain(
    programs.flatMap(file =>
      functionSpans(file)
        .filter(({ name, length }) => length > (longFunctions[`${file.path}:${name}`] ?? functionLineLimit))
        .map(({ name, line, length }) => `${file.path}:${line} ${name} has ${length} lines`),
    ),
  );
});

function suitesOf(file: SourceFile): readonly string[] {
  return codeOnly(file).flatMap(line => {
    const match = /^(?:export )?const (\w+) = suite\b/.exec(line);
    return match === null ? [] : [match[1]!];
  });
}

test('every suite is run', () => {
  const findings = tests.flatMap(file =>
    suitesOf(file)
      .filter(name => !codeOnly(file).includes(`${name}.run();`))
      .map(name => `${file.path} never runs ${name}`),
  );

  complain(findings);
});

test('every test file has a suite', () => {
  complain(
    tests
      .filter(file => file.path.endsWith('.test.ts') && suitesOf(file).length === 0)
      .map(file => file.path),
  );
});

test('no test is singled out, and none is skipped without its reason', () => {
  const findings = tests.flatMap(file =>
    codeOnly(file).flatMap((line, index) =>
      /\b\w+\.only\(/.test(line) ||
      (/\b(?:test|\w+Suite)\.skip\(/.test(line) && file.path !== 'test/support/skip-because.ts')
        ? [`${file.path}:${index + 1} ${line.trim()}`]
        : [],
    ),
  );

  complain(findings);
});

test('unit tests stand where the code they test stands', () => {
  const own = ['test/support', 'test/interop', 'test/conformance', 'test'];
  const findings = tests
    .filter(file => file.path.endsWith('.test.ts') && !own.some(folder => dirname(file.path) === folder))
    .filter(file => !existsSync(join(projectDirectory, dirname(file.path).replace(/^test/, 'src'))))
    .map(file => file.path);

  complain(findings);
});

test('links in the documents lead somewhere', () => {
  const documents = [
    ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].map(readSource),
    ...sourceFiles('docs', '.md'),
  ];
  const findings = documents.flatMap(file =>
    [...file.text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
      .map(match => match[1]!)
      .filter(link => !/^[a-z]+:/.test(link))
      .filter(link => !existsSync(join(projectDirectory, posix.dirname(file.path), link)))
      .map(link => `${file.path} links to ${link}`),
  );

  complain(findings);
});

test.run();
