import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCommandLine } from '../../src/cli/cli.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import { withFilesAsync } from '../config/directories.ts';
import { usualSwitch } from '../config/golden-files.ts';
import { projectDirectory } from '../support/source-files.ts';

const test = suite('cli/fmt');

async function run(workingDirectory: string, args: readonly string[], input = '') {
  let [out, err] = ['', ''];
  const code = await runCommandLine(['fmt', ...args], {
    out: text => {
      out += text;
    },
    err: text => {
      err += text;
    },
    input: async () => Buffer.from(input),
    colour: false,
    env: {},
    workingDirectory,
  });
  return { code, out, err };
}

const untidy = {
  'switch.yaml': usualSwitch,
  'accounts/acme.yaml': 'rateTable: "acme"\nkind: vendor # who\n',
  'rates/acme.yaml': 'deck: {file: acme.csv}\n',
  'rates/acme.csv': 'prefix,rate\r\n49,0.10\r\n44,0.020\r\n',
};

test('the example networks of this repository are formatted', async () => {
  for (const directory of ['.', 'demo/network']) {
    const { code, out } = await run(projectDirectory, ['--check', directory]);
    assert.is(code, 0, out);
  }
});

test('puts the scenarios about a configuration in order, in whatever folder below ci/scenarios they stand', async () => {
  const path = 'ci/scenarios/deep/one.yaml';
  const scenario =
    'scenarios:\n- call: {callee: "44", via: bell}\n  name: one\n- {call: {via: bell}, name: two}\n';
  await withFilesAsync({ 'switch.yaml': usualSwitch, [path]: scenario }, async directory => {
    const { code } = await run(directory, []);
    const alone = await run(directory, ['--check', path]);

    assert.equal([code, alone.code], [0, 0]);
    // What stands in braces stays so, and nothing else comes into them.
    const inOrder =
      'scenarios:\n  - name: one\n    call: { via: bell, callee: "44" }\n  - { name: two, call: { via: bell } }\n';
    assert.is(readFileSync(join(directory, path), 'utf8'), inOrder);
  });
});

test('puts a whole directory in order without a change of its hash, and has nothing left to do then', async () => {
  await withFilesAsync(untidy, async directory => {
    const before = loadConfiguration(directory).snapshot!.hash;
    const first = await run(directory, []);

    assert.is(first.code, 0);
    assert.match(first.out, 'accounts/acme.yaml\n');
    assert.match(first.out, /\n4 files: 3 formatted, 1 as they should be\n$/);
    assert.is(
      readFileSync(join(directory, 'accounts/acme.yaml'), 'utf8'),
      'kind: vendor # who\nrateTable: "acme"\n',
    );
    assert.is(readFileSync(join(directory, 'rates/acme.csv'), 'utf8'), 'prefix,rate\n44,0.020\n49,0.10\n');
    assert.is(loadConfiguration(directory).snapshot!.hash, before);
    assert.match((await run(directory, ['--check'])).out, '4 files: 0 would change, 4 as they should be');
  });
});

test('--check writes nothing, shows what would change and exits 1', async () => {
  await withFilesAsync(untidy, async directory => {
    const { code, out } = await run(directory, ['--check', 'accounts/acme.yaml', 'rates/acme.csv']);

    assert.is(code, 1);
    assert.match(
      out,
      'accounts/acme.yaml\n@@ line 1 @@\n- rateTable: "acme"\n  kind: vendor # who\n+ rateTable: "acme"\n',
    );
    assert.match(out, '- 49,0.10\\u000d\n');
    assert.is(readFileSync(join(directory, 'accounts/acme.yaml'), 'utf8'), untidy['accounts/acme.yaml']);
  });
});

test('--check shows marks that turn the direction of writing as what they are', async () => {
  const account = 'rateTable: acme # \u202e\u2066\ufeff\u2028\nkind: vendor\n';
  await withFilesAsync({ ...untidy, 'accounts/acme.yaml': account }, async directory => {
    const { out } = await run(directory, ['--check', 'accounts/acme.yaml']);

    assert.match(out, '- rateTable: acme # \\u202e\\u2066\\ufeff\\u2028\n');
  });
});

test('--check shows no secret that stands in a file by mistake', async () => {
  const switchYaml =
    'currency: USD\nname: a\nsip:\n  server: { port: 9022, host: h, secret: swordfish }\n  listen: []\n';
  await withFilesAsync({ ...untidy, 'switch.yaml': switchYaml }, async directory => {
    const { code, out } = await run(directory, ['--check', 'switch.yaml']);

    assert.is(code, 1);
    assert.match(out, 'secret: …\n');
    assert.not.match(out, 'swordfish');
  });
});

test('leaves a file alone that cannot be read, formats the others and exits 2', async () => {
  const files = { ...untidy, 'accounts/broken.yaml': 'kind: [', 'rates/acme.csv': 'prefix,rate\n2,1\n1\n' };
  await withFilesAsync(files, async directory => {
    const { code, out, err } = await run(directory, ['--config', directory]);

    assert.is(code, 2);
    assert.match(err, /accounts\/broken\.yaml:1:\d+ error C4101/);
    assert.match(err, 'rates/acme.csv:3:1 error C4406 the row has 1 fields and the header has 2');
    assert.match(out, '5 files: 2 formatted, 1 as they should be, 2 left alone');
    assert.is(readFileSync(join(directory, 'accounts/broken.yaml'), 'utf8'), 'kind: [');
  });
});

test('keeps the mode of a file and the link that leads to it, and leaves nothing else behind', async () => {
  await withFilesAsync(untidy, async directory => {
    const [real, link] = [join(directory, 'real.yaml'), join(directory, 'accounts/linked.yaml')];
    writeFileSync(real, 'unrated: true\nkind: customer\n');
    chmodSync(real, 0o640);
    symlinkSync('../real.yaml', link);

    assert.is((await run(directory, ['accounts/linked.yaml'])).code, 0);
    assert.ok(lstatSync(link).isSymbolicLink());
    assert.is(statSync(real).mode & 0o777, 0o640);
    assert.is(readFileSync(real, 'utf8'), 'kind: customer\nunrated: true\n');
    assert.equal(readdirSync(directory).sort(), ['accounts', 'rates', 'real.yaml', 'switch.yaml']);
  });
});

test('follows no link out of the directory', async () => {
  await withFilesAsync({ ...untidy, 'config/switch.yaml': usualSwitch }, async directory => {
    mkdirSync(join(directory, 'config/accounts'));
    symlinkSync('../../accounts/acme.yaml', join(directory, 'config/accounts/acme.yaml'));
    const { code, err } = await run(join(directory, 'config'), ['.']);

    assert.is(code, 2);
    assert.match(err, 'accounts/acme.yaml:1:1 error C4008');
    assert.not.match(err, 'rateTable');
    assert.is(readFileSync(join(directory, 'accounts/acme.yaml'), 'utf8'), untidy['accounts/acme.yaml']);
  });
});

test('formats standard input for an editor, as the file that it will be', async () => {
  await withFilesAsync(untidy, async directory => {
    const { code, out } = await run(
      directory,
      ['-', '--stdin-file', 'accounts/new.yaml'],
      'lines: 1\nkind: vendor\n',
    );

    assert.is(code, 0);
    assert.is(out, 'kind: vendor\nlines: 1\n');
    assert.not.ok(existsSync(join(directory, 'accounts/new.yaml')));
    assert.is((await run(directory, ['-', '--stdin-file', 'accounts/new.yaml'], 'kind: [')).code, 2);
  });
});

test('adds the line for editors where the schemas are found', async () => {
  await withFilesAsync({ ...untidy, 'schemas/account.schema.json': '{}' }, async directory => {
    await run(directory, ['accounts/acme.yaml']);

    assert.match(
      readFileSync(join(directory, 'accounts/acme.yaml'), 'utf8'),
      /^# yaml-language-server: \$schema=\.\.\/schemas\/account\.schema\.json\nkind/,
    );
  });
});

test('says what is wrong with its arguments', async () => {
  await withFilesAsync({ ...untidy, 'notes.yaml': 'a: 1\n', 'rates/other.csv': 'x\n' }, async directory => {
    const saying = async (...args: string[]) => {
      const { code, err } = await run(directory, args);
      assert.is(code, 2);
      return err;
    };
    assert.match(await saying('missing.yaml'), 'missing.yaml does not exist');
    assert.match(await saying('notes.yaml'), 'notes.yaml is no file of a configuration');
    assert.match(await saying('rates/other.csv'), 'no rate table names the deck rates/other.csv');
    assert.match(await saying('-'), '- needs --stdin-file');
    assert.match(await saying('--stdin-file', 'x'), '--stdin-file belongs to -');
  });
});

test.run();
