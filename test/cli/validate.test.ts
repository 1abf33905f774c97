import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCommandLine } from '../../src/cli/cli.ts';
import { formats } from '../../src/diagnostics/print.ts';
import { type Files, withFilesAsync } from '../config/directories.ts';
import { usualSwitch } from '../config/golden-files.ts';
import { readJunit } from '../support/junit.ts';
import { projectDirectory } from '../support/source-files.ts';

const test = suite('cli/validate');

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

type Env = Readonly<Record<string, string>>;

async function run(args: readonly string[], workingDirectory: string, env: Env = {}): Promise<Outcome> {
  let [out, err] = ['', ''];
  const io = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    colour: false,
    env,
    workingDirectory,
  };
  return { code: await runCommandLine(['validate', ...args], io), out, err };
}

function runOn(files: Files, ...args: string[]): Promise<Outcome> {
  return withFilesAsync(files, directory => run(args, directory));
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
    /^good, with 2 warnings silenced: 2 mapping gateways, 4 routing gateways, 5 accounts, 6 rate tables with [\d,]+ rows; hash [0-9a-f]{12}\n$/,
  );
});

test('shows the line with a caret below it', async () => {
  const { out } = await runOn(bad);

  assert.match(out, '\n     6 | colour: red\n       | ^~~~~~\n  → ');
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

test('counts paths from the top of the repository for services, wherever it runs', async () => {
  const files = { 'etc/voice/switch.yaml': bad['switch.yaml'] };
  await withFilesAsync(files, async directory => {
    const below = join(directory, 'etc');
    const pathOf = async (format: string, env: Env) =>
      /[\w./-]*voice\/switch\.yaml/.exec((await run(['voice', '--format', format], below, env)).out)?.[0];

    assert.is(await pathOf('github', {}), 'voice/switch.yaml');
    assert.is(await pathOf('github', { GITHUB_WORKSPACE: directory }), 'etc/voice/switch.yaml');
    assert.is(await pathOf('gitlab', { CI_PROJECT_DIR: directory }), 'etc/voice/switch.yaml');
    assert.is(await pathOf('sarif', { GITHUB_WORKSPACE: directory }), 'etc/voice/switch.yaml');
    assert.is(await pathOf('sarif', { GITHUB_WORKSPACE: '/elsewhere' }), 'voice/switch.yaml');
    assert.is(await pathOf('text', { GITHUB_WORKSPACE: directory }), 'voice/switch.yaml');
  });
});

test('annotates for GitHub and writes all of it into the summary of the job', async () => {
  await withFilesAsync(bad, async directory => {
    const summary = join(directory, 'summary.md');
    const { out, code } = await run(['--format', 'github'], directory, { GITHUB_STEP_SUMMARY: summary });

    assert.is(code, 2);
    assert.match(out, /^::error file=switch\.yaml,line=6,col=1,title=C4201 Unknown key::.+\n$/);
    assert.match(readFileSync(summary, 'utf8'), /\| error \| C4201 \| switch\.yaml:6:1 \|/);
  });
});

test('good files are passed test cases, decks among them', async () => {
  const files = {
    ...good,
    'rates/retail.yaml': 'deck: { file: retail.csv }\n',
    'rates/retail.csv': 'prefix,rate\n44,0.01\n',
  };
  const { out, code } = await runOn(files, '--format', 'junit');

  assert.is(code, 0);
  assert.equal(
    [...out.matchAll(/<testcase name="([^"]+)"/g)].map(match => match[1]),
    ['switch.yaml', 'rates/retail.yaml', 'rates/retail.csv'],
  );
  assert.match(out, 'tests="3" failures="0"');
});

test('puts the report into a file and says the same as text', async () => {
  await withFilesAsync(bad, async directory => {
    const { out, code } = await run(['--format', 'sarif', '--output', 'report.sarif'], directory);

    assert.is(code, 2);
    assert.match(out, /^switch\.yaml:6:1 error C4201 [\s\S]+\n1 error\n$/);
    assert.is(JSON.parse(readFileSync(join(directory, 'report.sarif'), 'utf8')).version, '2.1.0');

    await run(['--output', 'report.txt'], directory);
    assert.is(readFileSync(join(directory, 'report.txt'), 'utf8'), out);
  });
});

test('--junit writes that report beside any other, with paths from where the command ran', async () => {
  for (const files of [good, bad]) {
    await withFilesAsync(files, async directory => {
      const path = join(directory, 'tests.xml');
      const both = await run(['--format', 'github', '--junit', 'tests.xml'], directory);
      const text = readFileSync(path, 'utf8');

      assert.equal(both, await run(['--format', 'github'], directory));
      assert.is(text, (await run(['--format', 'junit'], directory)).out);
      assert.is(readJunit(text).failures, both.code === 0 ? 0 : 1);
    });
  }
  assert.match((await runOn(good, '--junit', '')).err, 'the name of the JUnit file is empty text');
});

test('a report that cannot be written is an error of the command line', async () => {
  const { code, err } = await runOn(good, '--output', 'gone/report.txt');

  assert.is(code, 2);
  assert.match(err, 'gone/report.txt: its folder does not exist');
});

test('explains a code without looking at any file', async () => {
  const { code, out } = await run(['--explain', 'C4301'], '/nonexistent/class4');

  assert.is(code, 0);
  assert.match(out, /^C4301 A name that nothing has \(error\)\n/);
});

test('shows a secret in no format', async () => {
  const server = (secret: string) =>
    `${usualSwitch.replace('sip:\n', `sip:\n  server: { host: h, port: 99999, ${secret} }\n`)}colour: red\n`;
  for (const secret of [
    'secret: swordfish',
    'secrte: swordfish',
    'secret: [swordfish]',
    'secret: "swordfish',
  ]) {
    for (const format of formats) {
      const { out } = await runOn({ 'switch.yaml': server(secret) }, '--format', format);
      assert.match(out, 'C4', `${format} finds something in ${secret}`);
      assert.not.match(out, 'swordfish', `${format} of ${secret}`);
    }
  }
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
