import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCommandLine } from '../../src/cli/cli.ts';
import { type Files, withFiles } from '../config/directories.ts';
import { usualSwitch } from '../config/golden-files.ts';
import { projectDirectory } from '../support/source-files.ts';

const test = suite('cli/validate');

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(args: readonly string[], workingDirectory: string): Promise<Outcome> {
  let [out, err] = ['', ''];
  const io = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    colour: false,
    env: {},
    workingDirectory,
  };
  return { code: await runCommandLine(['validate', ...args], io), out, err };
}

/** The command finishes within its first turn, so the directory may go away behind it. */
function runOn(files: Files, ...args: string[]): Promise<Outcome> {
  return withFiles(files, directory => run(args, directory));
}

const good = { 'switch.yaml': usualSwitch };
const warned = { 'switch.yaml': `${usualSwitch}parameters: { SS_MAXCALLDURATION: 60 }\n` };
const bad = { 'switch.yaml': `${usualSwitch}colour: red\n` };

test('finds nothing to say about the example of this repository, not even strictly', async () => {
  const { code, out, err } = await run(['--strict'], projectDirectory);

  assert.is(code, 0);
  assert.is(err, '');
  assert.match(
    out,
    /^good: 2 mapping gateways, 4 routing gateways, 5 accounts, 5 rate tables with [\d,]+ rows; hash [0-9a-f]{12}\n$/,
  );
});

test('exits 2 for an error and tells how many', async () => {
  const { code, out } = await runOn(bad);

  assert.is(code, 2);
  assert.match(out, /^switch\.yaml:6:1 error C4201 there is no key "colour"/);
  assert.match(out, /\n1 error\n$/);
});

test('lets a warning pass, but not strictly', async () => {
  const lenient = await runOn(warned);
  assert.is(lenient.code, 0);
  assert.match(lenient.out, 'good, with 1 warning: ');

  assert.is((await runOn(warned, '--strict')).code, 2);
});

test('prints JSON and nothing else when asked to', async () => {
  const { code, out } = await runOn(bad, '--format', 'json');

  assert.is(code, 2);
  assert.is((JSON.parse(out) as { errors: number }).errors, 1);
});

test('takes the directory by --config or by position, and shows paths from where the reader stands', async () => {
  const files = { 'etc/switch.yaml': bad['switch.yaml'] };

  assert.match((await runOn(files, 'etc')).out, /^etc\/switch\.yaml:6:1 /);
  assert.match((await runOn(files, '--config', 'etc/')).out, /^etc\/switch\.yaml:6:1 /);
  assert.match((await run([], '/nonexistent/class4')).out, /^\.:1:1 error C4001 /);
});

for (const args of [
  ['--format', 'yaml'],
  ['--output', ''],
  ['--explain', 'C9999'],
  ['--format'],
  ['--nonsense'],
  ['a', 'b'],
  ['a', '--config', 'b'],
  ['--config', ''],
]) {
  test(`refuses the command line "${args.join(' ')}" without reading anything`, async () => {
    const { code, out, err } = await runOn(good, ...args);

    assert.is(code, 2);
    assert.is(out, '');
    assert.match(err, /^class4 validate: .+\n {2}→ class4 validate \[DIR\].+\n$/);
  });
}

test('explains itself', async () => {
  const { code, out } = await runOn(bad, '--help');

  assert.is(code, 0);
  assert.match(out, '--strict');
});

test.run();
