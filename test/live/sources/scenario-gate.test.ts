import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

/** Bounded, because a test must end. */
async function until<Found>(probe: () => Found | null): Promise<Found> {
  for (let tries = 0; tries < 600; tries += 1) {
    const found = probe();
    if (found !== null) return found;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  throw new Error('it does not come to that');
}

/** A process that ended and that nobody asked about yet is none. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

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

test('scenarios that somebody killed say nothing about the commit, and the operator hears so', async context => {
  const { directory } = context;
  mkdirSync(join(directory, 'ci/scenarios'), { recursive: true });
  const program = join(directory, 'killed.mjs');
  writeFileSync(program, `process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000);`);

  const problem = await scenarioProblem({ directory, env: process.env, signal, program });
  assert.is(problem, 'its scenarios were ended by SIGKILL; `class4 reload` plays them again');
});

test('scenarios end with the switch, also when that is killed in the middle of them', async ({
  directory,
}) => {
  mkdirSync(join(directory, 'ci/scenarios'), { recursive: true });
  const [program, parent, told] = ['busy.mjs', 'switch.mjs', 'pid'].map(name => join(directory, name));
  // As the simulator it never lets go of its thread.
  writeFileSync(
    program!,
    `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(told)}, String(process.pid)); for (;;);`,
  );
  const gate = new URL('../../../src/live/sources/scenario-gate.js', import.meta.url).href;
  const options = `{ directory: ${JSON.stringify(directory)}, env: process.env, signal: new AbortController().signal, program: ${JSON.stringify(program)} }`;
  writeFileSync(parent!, `import { scenarioProblem } from '${gate}'; await scenarioProblem(${options});`);
  const child = spawn(process.execPath, [parent!], { stdio: 'ignore' });
  const pid = await until(() => Number(existsSync(told!) ? readFileSync(told!, 'utf8') : 0) || null);
  assert.ok(isAlive(pid));
  if (process.platform === 'linux') {
    assert.is(readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8').trim(), '1000');
  }

  child.kill('SIGKILL');
  await until(() => (isAlive(pid) ? null : true));
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
