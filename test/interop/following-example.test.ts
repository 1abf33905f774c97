/** Types the example of docs/sources.md in its order into one shell. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { projectDirectory } from '../support/source-files.ts';
import { compareLines, type Names } from './support/page-lines.ts';

const test = suite('interop/following-example');
const main = fileURLToPath(new URL('../../src/main.js', import.meta.url));
const page = join(projectDirectory, 'docs', 'sources.md');
const marker = '<!-- played by test/interop/following-example.test.ts -->';
/** Tells where what a command printed ends; no command prints it. */
const border = '\u001e';

interface Step {
  readonly command: string;
  readonly shown: readonly string[];
}

function stepsOfPage(): readonly Step[] {
  const section = readFileSync(page, 'utf8').split(marker)[1]!.split(/^## /m)[0]!;
  const text = [...section.matchAll(/^```console\n(.*?)^```$/gms)].map(match => match[1]).join('');
  return text.split(/^\$ /m).flatMap(step => {
    const [command = '', ...shown] = step.split('\n');
    return command === '' ? [] : [{ command, shown: shown.filter(line => line !== '') }];
  });
}

test('the example of the page comes to what the page shows', () => {
  const top = mkdtempSync(join(tmpdir(), 'class4-example-'));
  const programs = join(top, 'programs');
  mkdirSync(programs);
  writeFileSync(join(programs, 'class4'), `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`);
  chmodSync(join(programs, 'class4'), 0o755);
  const steps = stepsOfPage();
  assert.ok(steps.length > 10);
  const lines = steps.map(({ command }) => `${command.replaceAll('/tmp/', `${top}/`)}\nprintf '${border}'\n`);
  // Whatever happens, nothing runs on.
  const script = `trap 'kill %1; wait' EXIT\nexec 2>&1\n${lines.join('')}`;
  const who = { GIT_AUTHOR_NAME: 'Anna', GIT_AUTHOR_EMAIL: 'anna@example.net' };
  const committer = { GIT_COMMITTER_NAME: 'Anna', GIT_COMMITTER_EMAIL: 'anna@example.net' };
  try {
    const env = { ...process.env, ...who, ...committer, NO_COLOR: '1', COLUMNS: '200' };
    const path = `${programs}:${process.env['PATH']}`;
    const printed = execFileSync('bash', ['-c', script], {
      cwd: top,
      encoding: 'utf8',
      env: { ...env, PATH: path, GIT_CONFIG_GLOBAL: '/dev/null' },
      timeout: 300_000,
    });
    const outputs = printed.replaceAll(`${top}/`, '/tmp/').split(border);
    let names: Names | null = new Map();
    for (const [index, { command, shown }] of steps.entries()) {
      const output = outputs[index] ?? '';
      names = compareLines(
        shown,
        output.split('\n').filter(line => line !== ''),
        names,
      );
      if (names === null)
        throw new Error(`the page shows something else than this:\n$ ${command}\n${output}`);
    }
  } finally {
    rmSync(top, { recursive: true, force: true });
  }
});

test.run();
