import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { scenarioProblem } from '../../../src/live/sources/scenario-gate.ts';
import { write, writeNetwork } from '../network.ts';

interface Context {
  directory: string;
}

const test = suite<Context>('live/sources/scenario-gate');
const signal = new AbortController().signal;

test.before.each(context => {
  context.directory = mkdtempSync(join(tmpdir(), 'class4-gate-'));
  writeNetwork(context.directory);
});

test.after.each(({ directory }) => rmSync(directory, { recursive: true, force: true }));

function writeScenario(directory: string, result: 'answered' | 'failed'): void {
  write(directory, 'ci/scenarios/uk.yaml', [
    'scenarios:',
    '  - name: the United Kingdom is carried',
    '    call:',
    '      { via: retail, caller: "442071234567", callee: "447700900123", hangUp: 10s,',
    `        expect: { result: ${result} } }`,
  ]);
}

test('a commit whose scenarios pass serves, and one whose scenarios fail does not', async ({ directory }) => {
  writeScenario(directory, 'answered');
  assert.is(await scenarioProblem({ directory, env: process.env, signal }), null);

  writeScenario(directory, 'failed');
  const problem = await scenarioProblem({ directory, env: process.env, signal });
  assert.match(problem!, /^its scenarios do not pass \(exit code 1\): .*the United Kingdom is carried/);
});

test('a commit without scenarios does not pass, since nothing vouches for it', async ({ directory }) => {
  const problem = await scenarioProblem({ directory, env: {}, signal });

  assert.is(problem, 'scenarios are required, and the commit has none in ci/scenarios');
});

test('scenarios that do not end are given up', async ({ directory }) => {
  mkdirSync(join(directory, 'ci/scenarios'), { recursive: true });
  const program = join(directory, 'endless.mjs');
  writeFileSync(program, 'setInterval(() => {}, 1000);');

  const problem = await scenarioProblem({ directory, env: process.env, signal, program, timeoutMs: 1500 });
  assert.is(problem, 'its scenarios did not end within 1.5 s');
});

test('they are played with no secret of the switch', async ({ directory }) => {
  mkdirSync(join(directory, 'ci/scenarios'), { recursive: true });
  const program = join(directory, 'told.mjs');
  writeFileSync(
    program,
    `import { writeFileSync } from 'node:fs'; writeFileSync('told.json', JSON.stringify([process.argv.slice(2), Object.keys(process.env)]));`,
  );
  const env = { ...process.env, DRACHTIO_SECRET: 'cymru' };

  assert.is(await scenarioProblem({ directory, env, signal, program }), null);
  const [args, names] = JSON.parse(readFileSync(join(directory, 'told.json'), 'utf8')) as string[][];
  assert.equal(args, ['simulate', '--config', directory, '--seed', '1']);
  assert.not.ok(names!.includes('DRACHTIO_SECRET'));
});

test.run();
