import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runCommandLine } from '../../src/cli/cli.ts';
import { remoteSpec } from '../../src/cli/init-source.ts';
import { defaultLimits } from '../../src/config/limits.ts';
import { readYaml } from '../../src/config/read/yaml.ts';
import { projectDirectory } from '../support/source-files.ts';

const test = suite('cli/init');

const program = fileURLToPath(new URL('../../src/main.js', import.meta.url));
const directories: string[] = [];

test.after(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'class4-init-'));
  directories.push(directory);
  return directory;
}

/** A shell or a hook around this test must not point git elsewhere; commits need an author. */
const environment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'))),
  ...{ GIT_AUTHOR_NAME: 'Test', GIT_AUTHOR_EMAIL: 'test@example.org' },
  ...{ GIT_COMMITTER_NAME: 'Test', GIT_COMMITTER_EMAIL: 'test@example.org', GIT_CONFIG_GLOBAL: '/dev/null' },
};

async function run(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
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
    workingDirectory: newDirectory(),
  };
  return { code: await runCommandLine(args, io), out, err };
}

/** A repository as it is after `npm install`, with the class4 of this build. */
async function madeRepository(): Promise<string> {
  const directory = join(newDirectory(), 'north');
  const { code } = await run('init', directory);
  assert.is(code, 0);
  mkdirSync(join(directory, 'node_modules/.bin'), { recursive: true });
  symlinkSync(projectDirectory, join(directory, 'node_modules/class4'));
  const command = join(directory, 'node_modules/.bin/class4');
  writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
  chmodSync(command, 0o755);
  return directory;
}

function shell(directory: string, line: string): { status: number | null; output: string } {
  const result = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', line], {
    ...{ cwd: directory, env: environment, encoding: 'utf8', timeout: 120_000 },
  });
  return { status: result.status, output: result.stdout + result.stderr };
}

function git(directory: string, ...args: readonly string[]): { status: number | null; output: string } {
  const result = spawnSync('git', args, { cwd: directory, env: environment, encoding: 'utf8' });
  return { status: result.status, output: result.stdout + result.stderr };
}

function yamlOf(directory: string, path: string): unknown {
  const { root, diagnostics } = readYaml(readFileSync(join(directory, path), 'utf8'), path, defaultLimits);
  assert.equal(diagnostics, []);
  return root!.value;
}

/** The lines of both pipelines in order, those that install left to `npm install`. */
function pipelineLines(directory: string): readonly string[] {
  const github = yamlOf(directory, '.github/workflows/class4.yaml') as {
    jobs: Record<string, { steps: readonly { run?: string }[] }>;
  };
  const gitlab = yamlOf(directory, '.gitlab-ci.yml') as {
    class4: { before_script: readonly string[]; script: readonly string[] };
  };
  const steps = Object.values(github.jobs).flatMap(job => job.steps.flatMap(({ run: line }) => line ?? []));
  const lines = [...steps, ...gitlab.class4.before_script, ...gitlab.class4.script];
  assert.is(lines.filter(line => /^npm ci\b/.test(line)).length, 2);
  return lines.filter(line => !/^npm ci\b/.test(line));
}

function filesBelow(directory: string): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter(path => !path.startsWith('.git/') && statSync(join(directory, path)).isFile())
    .sort();
}

test('makes a repository that validates strictly', async () => {
  const directory = join(newDirectory(), 'north');
  const { code, out } = await run('init', directory);

  assert.is(code, 0);
  assert.match(out, 'the configuration is good\n');
  assert.is((await run('validate', directory, '--strict')).code, 0);
  assert.match(readFileSync(join(directory, 'switch.yaml'), 'utf8'), /^name: north$/m);
});

test('makes a git repository with its hook turned on, and commits nothing', async () => {
  const directory = await madeRepository();

  assert.is(git(directory, 'config', 'core.hooksPath').output, '.githooks\n');
  assert.is(git(directory, 'rev-parse', '--verify', '--quiet', 'HEAD').status, 1);
});

test('makes no repository within one, and none when told so', async () => {
  const outer = newDirectory();
  execFileSync('git', ['init', '--quiet'], { cwd: outer, env: environment });
  const { out } = await run('init', join(outer, 'north'));
  assert.not.ok(existsSync(join(outer, 'north/.git')));
  assert.match(out, 'git config core.hooksPath .githooks');

  const plain = join(newDirectory(), 'north');
  await run('init', plain, '--no-git');
  assert.not.ok(existsSync(join(plain, '.git')));
});

test('every step of both pipelines passes in the new repository', async () => {
  const directory = await madeRepository();

  const lines = [...new Set(pipelineLines(directory))];
  assert.ok(lines.length >= 5);
  for (const line of lines) {
    const { status, output } = shell(directory, line);
    assert.is(status, 0, `${line}\n${output}`);
  }
  assert.match(readFileSync(join(directory, 'class4-junit.xml'), 'utf8'), '<testsuite');
  assert.equal(JSON.parse(readFileSync(join(directory, 'class4-quality.json'), 'utf8')), []);
  assert.not.match(git(directory, 'status', '--porcelain').output, /class4-|node_modules/);
});

test('the last expected route counts without a line end, too', async () => {
  const directory = await madeRepository();
  writeFileSync(join(directory, 'ci/expected-routes.txt'), '442079460018 brightcall nobody');

  const { status, output } = shell(directory, 'bash ci/check-routes');
  assert.is(status, 1);
  assert.match(output, '1 routes checked, 1 failed');
});

test('both pipelines fail for a mistake, and for a route that moved', async () => {
  const directory = await madeRepository();
  const northlink = join(directory, 'gateways/routing/northlink.yaml');
  const good = readFileSync(northlink, 'utf8');
  const lines = [...new Set(pipelineLines(directory))];
  const failing = (among: readonly string[]) => among.filter(line => shell(directory, line).status !== 0);

  writeFileSync(northlink, `${good}colour: red\n`);
  const validating = lines.filter(line => / validate /.test(line) && !line.endsWith('|| true'));
  assert.is(validating.length, 2);
  assert.equal(failing(validating), validating);

  writeFileSync(northlink, good.replace(/^priority: \d+$/m, 'priority: 90'));
  assert.equal(failing(lines), ['bash ci/check-routes']);
});

test('the hook refuses what is staged and broken, and lets the rest pass', async () => {
  const directory = await madeRepository();
  const commit = (message: string) => git(directory, 'commit', '--quiet', '-m', message);
  git(directory, 'add', '-A');
  assert.is(commit('first').status, 0);

  const path = join(directory, 'accounts/meridian.yaml');
  const good = readFileSync(path, 'utf8');
  writeFileSync(path, good.replace('rateTable: meridian', 'rateTable: meridien'));
  git(directory, 'add', '-A');
  writeFileSync(path, good);
  const refused = commit('broken');
  assert.is(refused.status, 1);
  assert.match(refused.output, /^accounts\/meridian\.yaml:\d+:\d+ error C4301 /m);

  // Now the other way round: what is staged is good, and what lies there is not.
  git(directory, 'add', '-A');
  writeFileSync(path, 'broken');
  writeFileSync(
    join(directory, 'accounts/northlink.yaml'),
    `${readFileSync(join(directory, 'accounts/northlink.yaml'), 'utf8')}# Ours.\n`,
  );
  git(directory, 'add', 'accounts/northlink.yaml');
  const passed = commit('good');
  assert.is(passed.status, 0, passed.output);
  assert.is(git(directory, 'rev-list', '--count', 'HEAD').output, '2\n');
});

test('every schema that a file or the editor settings name is where they say', async () => {
  const directory = await madeRepository();
  const named = filesBelow(directory)
    .filter(path => path.endsWith('.yaml') && !path.startsWith('node_modules') && !path.startsWith('.git'))
    .map(path => {
      const text = readFileSync(join(directory, path), 'utf8');
      const schema = /^# yaml-language-server: \$schema=(\S+)$/m.exec(text)?.[1];
      assert.ok(schema !== undefined, path);
      return join(dirname(path), schema);
    });
  const settings = JSON.parse(readFileSync(join(directory, '.vscode/settings.json'), 'utf8')) as {
    'yaml.schemas': Record<string, string>;
  };
  const all = [...named, ...Object.keys(settings['yaml.schemas'])];

  assert.ok(named.length > 10);
  assert.equal(
    all.filter(path => !existsSync(join(directory, path))),
    [],
  );
  const kinds = readdirSync(join(projectDirectory, 'schemas')).filter(name => name.endsWith('.schema.json'));
  assert.is(Object.keys(settings['yaml.schemas']).length, kinds.length);
});

test('leaves no blank of a template unfilled', async () => {
  const directory = join(newDirectory(), 'north');
  await run('init', directory, '--package', 'file:$&');

  for (const path of filesBelow(directory)) {
    assert.not.match(readFileSync(join(directory, path), 'utf8'), /\{\{/, path);
  }
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as {
    name: string;
    dependencies: Record<string, string>;
  };
  assert.is(manifest.name, 'north-switch');
  assert.equal(manifest.dependencies, { class4: 'file:$&' });
});

test('refuses a directory with files and lists them', async () => {
  const directory = join(newDirectory(), 'north');
  await run('init', directory);
  const before = filesBelow(directory);
  const { code, err } = await run('init', directory);

  assert.is(code, 2);
  assert.match(err, /is not empty: .*switch\.yaml|is not empty: .*, …/);
  assert.equal(filesBelow(directory), before);
});

test('with --force writes only what is missing, and says what it kept', async () => {
  const directory = join(newDirectory(), 'north');
  mkdirSync(directory);
  writeFileSync(join(directory, 'README.md'), 'Ours\n');
  const { code, out } = await run('init', directory, '--force');

  assert.is(code, 0);
  assert.match(out, 'kept README.md\n');
  assert.is(readFileSync(join(directory, 'README.md'), 'utf8'), 'Ours\n');
  assert.ok(existsSync(join(directory, 'switch.yaml')));
});

test('takes a directory that holds nothing but a git repository', async () => {
  const directory = newDirectory();
  execFileSync('git', ['init', '--quiet'], { cwd: directory, env: environment });

  assert.is((await run('init', directory)).code, 0);
});

test('takes the directory by position or by --config, and fills none that is not named', async () => {
  const directory = join(newDirectory(), 'north');
  assert.is((await run('init')).code, 2);
  assert.is((await run('init', directory, '--config', directory)).code, 2);
  assert.not.ok(existsSync(directory));
  assert.is((await run('init', '--config', directory)).code, 0);
});

test('refuses a name that no switch can have', async () => {
  assert.is((await run('init', join(newDirectory(), '42'))).code, 2);
  assert.is((await run('init', join(newDirectory(), '42'), '--name', 'north')).code, 0);
  assert.is((await run('init', join(newDirectory(), 'north'), '--name', 'a b')).code, 2);
});

test('pins a clone by a remote that others can reach, without its password', () => {
  assert.is(
    remoteSpec('https://user:secret@example.org/a/class4.git'),
    'git+https://example.org/a/class4.git',
  );
  assert.is(remoteSpec('git@example.org:a/class4.git'), 'git+ssh://git@example.org/a/class4.git');
  assert.is(remoteSpec('/srv/git/class4.git'), null);
  assert.is(remoteSpec(null), null);
});

test('the package ships the templates, none of which npm would leave out', () => {
  const manifest = JSON.parse(readFileSync(join(projectDirectory, 'package.json'), 'utf8')) as {
    files: string[];
  };
  const templates = filesBelow(join(projectDirectory, 'templates'));

  assert.ok(manifest.files.includes('templates'));
  assert.equal(
    templates.filter(path => path.split('/').some(name => name.startsWith('.'))),
    [],
  );
});

test.run();
