import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { remoteSpec } from '../../src/cli/init-source.ts';
import { projectDirectory } from '../support/source-files.ts';
import { environment, git, madeRepository, newDirectory, removeDirectories, run } from './made-repository.ts';

const test = suite('cli/init');

test.after(removeDirectories);

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
  assert.is((await run('fmt', directory, '--check')).code, 0);
  assert.match(readFileSync(join(directory, 'switch.yaml'), 'utf8'), /^name: north$/m);
});

test('makes scenarios that pass whatever chance has in store', async () => {
  const directory = join(newDirectory(), 'north');
  await run('init', directory);
  for (const seed of ['1', '2', '281474976710655']) {
    const { code, out } = await run(
      'simulate',
      '--config',
      directory,
      '--seed',
      seed,
      '--min-coverage',
      '60',
    );
    assert.is(code, 0, out);
  }
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

test('the hook plays the scenarios against what is staged', async () => {
  const directory = await madeRepository();
  const commit = (message: string) => git(directory, 'commit', '--quiet', '-m', message);
  git(directory, 'add', '-A');
  assert.is(commit('first').status, 0);
  const stage = (path: string, from: RegExp, to: string) => {
    const file = join(directory, path);
    writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
    git(directory, 'add', path);
  };

  stage('gateways/routing/northlink.yaml', /^priority: \d+$/m, 'priority: 90');
  const moved = commit('a route moves and its scenario does not');
  assert.is(moved.status, 1);
  assert.match(moved.output, /^✗ ci\/scenarios\/routes\.yaml:\d+:\d+ /m);
  assert.match(moved.output, 'pre-commit: what is staged does not pass its scenarios');

  git(directory, 'reset', '--quiet', '--hard');
  stage('ci/scenarios/routes.yaml', /"999": none/, '"999": northlink');
  assert.is(commit('a scenario expects what is not so').status, 1);
  stage('ci/scenarios/routes.yaml', /"999": northlink/, '"998": none');
  assert.is(commit('another scenario').status, 0);
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
  // What says where a switch finds its repository stands on the machine of the switch.
  const kinds = readdirSync(join(projectDirectory, 'schemas')).filter(
    name => name.endsWith('.schema.json') && name !== 'source.schema.json',
  );
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

  for (const folder of ['templates', 'ci']) assert.ok(manifest.files.includes(folder), folder);
  assert.equal(
    templates.filter(path => path.split('/').some(name => name.startsWith('.'))),
    [],
  );
});

test.run();
