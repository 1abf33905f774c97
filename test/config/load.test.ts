import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { folders } from '../../src/config/kinds.ts';
import { defaultLimits } from '../../src/config/limits.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import { readSchema } from '../../src/config/schema/read.ts';
import { printDiagnostics } from '../../src/diagnostics/print.ts';
import { projectDirectory, sourceFiles } from '../support/source-files.ts';
import { type Files, saidAbout, snapshotOf, withFiles } from './directories.ts';
import { usualSwitch } from './golden-files.ts';

const test = suite('config/load');

const usual = { 'switch.yaml': usualSwitch };

test('finds nothing to say about the example of this repository', () => {
  const { diagnostics, snapshot } = loadConfiguration(projectDirectory);

  assert.is(printDiagnostics(diagnostics, 'text'), '');
  assert.ok(snapshot !== null);
});

test('the example has vendors that overlap in both prefix modes, a protect route and two customers', () => {
  const snapshot = loadConfiguration(projectDirectory).snapshot!;

  assert.is(snapshot.accounts.filter(({ kind }) => kind === 'vendor').length, 3);
  assert.is(snapshot.accounts.filter(({ kind }) => kind === 'customer').length, 2);
  assert.is(snapshot.routingGateways.filter(({ protectRoute }) => protectRoute).length, 1);
  assert.equal(new Set(snapshot.routes.expiration), new Set([0, 1]));
  assert.ok(snapshot.routes.entryCount > snapshot.routes.trie.prefixCount);
  assert.ok(snapshot.rateTables.every(({ rowCount }) => rowCount > 10));
});

test('every YAML file of the example begins with the line that tells an editor its schema', () => {
  const kinds = [...folders, { kind: 'switch', folder: '.' }];
  for (const { kind, folder } of kinds) {
    // A small carrier need not have everything.
    if (folder !== '.' && !existsSync(join(projectDirectory, folder))) continue;
    const files = folder === '.' ? [{ path: 'switch.yaml' }] : sourceFiles(folder, '.yaml');
    assert.ok(files.length > 0, folder);
    for (const { path } of files) {
      const [first] = readFileSync(join(projectDirectory, path), 'utf8').split('\n');
      const schema = posix.relative(posix.dirname(path), `schemas/${kind}.schema.json`);
      const written = schema.startsWith('.') ? schema : `./${schema}`;
      assert.is(first, `# yaml-language-server: $schema=${written}`, path);
    }
  }
});

test('every default of the schema is the value that counts when the key is absent', () => {
  const { properties = {} } = readSchema('switch');
  const { parameters } = properties;
  const written = Object.entries(parameters?.properties ?? {}).map(([name, schema]) => {
    return `  ${name}: ${JSON.stringify(schema.default)}\n`;
  });
  const defaults = `${usualSwitch}  server: embedded\nstore: { path: var/class4.db }
hunting: { stopOn6xx: true, stopAfterRinging: false }\nparameters:\n${written.join('')}`;

  assert.ok(written.length > 15);
  assert.is(snapshotOf({ 'switch.yaml': defaults }).hash, snapshotOf(usual).hash);
});

test('takes decimals from the text that stands in the file', () => {
  const { rateTables, accounts } = snapshotOf({
    ...usual,
    'accounts/a.yaml': 'kind: vendor\noverdraftLimit: 0.10000001\n',
    'rates/r.yaml': 'rows:\n- {prefix: "1", rate: 0.0000000003}\n- {prefix: "2", rate: 900719.9254740991}\n',
  });

  assert.is(accounts[0]!.overdraftLimit, 10_000_001n);
  assert.equal([...rateTables[0]!.rate], [3, Number.MAX_SAFE_INTEGER]);
});

test('tables stand on shared memory and the whole Snapshot survives a clone', () => {
  const snapshot = loadConfiguration(projectDirectory).snapshot!;
  const clone = structuredClone(snapshot);

  assert.equal(clone.routingGateways, snapshot.routingGateways);
  for (const table of clone.rateTables) {
    for (const column of [table.rate, table.nextRow, table.line, table.prefixes.nodes]) {
      assert.instance(column.buffer, SharedArrayBuffer);
    }
  }
  assert.instance(clone.routes.gateway.buffer, SharedArrayBuffer);
});

test('knows the commit of its work tree, and null where there is none', () => {
  withFiles(usual, directory => {
    assert.is(loadConfiguration(directory).snapshot!.commit, null);
    const git = (...args: string[]) => execFileSync('git', args, { cwd: directory, encoding: 'utf8' }).trim();
    try {
      git('init', '--quiet');
    } catch {
      return; // Without git there is no work tree to know.
    }
    assert.is(loadConfiguration(directory).snapshot!.commit, null);
    git('add', '.');
    git('-c', 'user.name=t', '-c', 'user.email=t@example.net', 'commit', '--quiet', '-m', 'first');

    const commit = () => loadConfiguration(directory).snapshot!.commit;
    assert.is(commit(), git('rev-parse', 'HEAD'));
    writeFileSync(join(directory, 'README.md'), 'not of the configuration');
    assert.is(commit(), git('rev-parse', 'HEAD'));
    appendFileSync(join(directory, 'switch.yaml'), '# an edit\n');
    assert.is(commit(), null, 'what serves is in no commit');
    git('checkout', '--quiet', 'switch.yaml');
    mkdirSync(join(directory, 'accounts'), { recursive: true });
    writeFileSync(join(directory, 'accounts', 'new.yaml'), 'kind: customer\nunrated: true\n');
    assert.is(commit(), null, 'a new file is a change too');
  });
});

test('says so when the directory is missing, a file, or may not be read', () => {
  withFiles({ file: 'x' }, directory => {
    for (const path of [join(directory, 'missing'), join(directory, 'file')]) {
      const { diagnostics, snapshot } = loadConfiguration(path);

      assert.is(snapshot, null);
      assert.equal(
        diagnostics.map(({ code }) => code),
        ['C4001'],
      );
    }
  });
});

test('says so when a file may not be read', () => {
  withFiles({ ...usual, 'accounts/a.yaml': 'kind: vendor\n' }, directory => {
    chmodSync(join(directory, 'accounts/a.yaml'), 0);
    const { diagnostics, snapshot } = loadConfiguration(directory);
    // The superuser may read everything, so for him there is nothing to say.
    if (process.getuid?.() === 0) return assert.ok(snapshot !== null);

    assert.match(diagnostics[0]!.message, 'this user may not read it');
  });
});

test('does not wait for the writer of a named pipe', () => {
  withFiles(usual, directory => {
    mkdirSync(join(directory, 'accounts'));
    try {
      execFileSync('mkfifo', [join(directory, 'accounts', 'a.yaml')]);
    } catch {
      return; // A system without named pipes has nothing to wait for.
    }
    const { diagnostics } = loadConfiguration(directory);

    assert.match(diagnostics[0]!.message, 'accounts/a.yaml is not an ordinary file');
  });
});

test('survives a hundred thousand brackets, keys and aliases without hanging', () => {
  const keys = Array.from({ length: 100_000 }, (_, i) => `key${i}: 1\n`).join('');
  const many: Files = {
    ...usual,
    'accounts/brackets.yaml': `kind: ${'['.repeat(100_000)}`,
    'accounts/keys.yaml': keys,
    'accounts/aliases.yaml': `a: &a x\nb: [${'*a,'.repeat(20_000)}]\nkind: vendor\n`,
    'accounts/itself.yaml': 'kind: &a [*a]\n',
  };
  const said = saidAbout(many);

  assert.match(said, /accounts\/brackets\.yaml:1:\d+ error C410[15]/);
  assert.match(said, /accounts\/aliases\.yaml:2:\d+ error C4104/);
  assert.match(said, /accounts\/itself\.yaml:1:\d+ error C410[45]/);
  assert.match(said, /accounts\/keys\.yaml:1:1 error C4201/);
  assert.match(said, /accounts\/keys\.yaml:\d+:1 error C4407 … and 99,901 more problems/);
});

test('never throws, whatever the bytes', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map(array => Buffer.from(array)),
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.stringMatching(/^[-a-z0-9:{}[\],&*!|>"'\n #%@`?~]{0,80}$/),
  );
  const files = [
    'switch.yaml',
    'accounts/a.yaml',
    'gateways/mapping/m.yaml',
    'rates/r.yaml',
    'rates/deck.csv',
  ];
  const property = fc.property(fc.constantFrom(...files), bytes, (file, contents) => {
    const around = {
      ...usual,
      'rates/deck.yaml': 'deck: {file: deck.csv}\n',
      'rates/deck.csv': 'prefix,rate\n1,1\n',
    };
    saidAbout({ ...around, [file]: contents });
  });
  fc.assert(property, { numRuns: 300 });
});

/** Any tree of YAML values in any place, to show that no combination of wrong kinds confuses a later step. */
const anything = fc.letrec(tie => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(
      null,
      true,
      0,
      -1,
      1e9,
      '',
      'x',
      '44',
      'On',
      '60/60',
      '192.0.2.1',
      '2030-01-01',
      'embedded',
    ),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom('allow', 'deny', 'prefix', 'mode', 'env', 'file', 'rate', 'host'),
      tie('value'),
      {
        maxKeys: 3,
      },
    ),
  ),
})).value;

test('never throws, whatever value stands in whatever key', () => {
  for (const { kind, folder } of [...folders, { kind: 'switch' as const, folder: '.' }]) {
    const names = Object.keys(readSchema(kind).properties ?? {});
    const property = fc.property(fc.dictionary(fc.constantFrom(...names), anything), object => {
      const path = folder === '.' ? 'switch.yaml' : `${folder}/x.yaml`;
      saidAbout({ ...usual, [path]: JSON.stringify(object) });
    });
    fc.assert(property, { numRuns: 150 });
  }
});

test('a deck that grows past its limit is refused by its size before it is read', () => {
  withFiles(
    { ...usual, 'rates/r.yaml': 'deck: {file: r.csv}\n', 'rates/r.csv': 'prefix,rate\n' },
    directory => {
      writeFileSync(join(directory, 'rates/r.csv'), `prefix,rate\n${'1,1\n'.repeat(100)}`);
      const limits = { ...defaultLimits, deckBytes: 100 };
      const { diagnostics } = loadConfiguration(directory, limits);

      assert.match(diagnostics[0]!.message, 'the deck rates/r.csv has 412 bytes; at most 100 are read');
    },
  );
});

test.run();
