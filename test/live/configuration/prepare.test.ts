/** What calls will need of a snapshot is there before they go by it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { OperationError } from '../../../src/live/operations.ts';
import { anna, Machine, type RunningSwitch, snapshot } from './decisions.ts';

interface Context {
  machine: Machine;
  running: RunningSwitch;
}

const test = suite<Context>('live/configuration/prepare');
const previous = { version: null, ...anna };

test.before.each(async context => {
  context.machine = new Machine();
  context.running = await context.machine.start();
  await context.machine.edit(context.running, snapshot('two'));
});

async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    assert.instance(error, OperationError);
    return (error as OperationError).message;
  }
  throw new Error('it was not refused');
}

test('a snapshot is prepared before any call goes by it', async ({ machine, running }) => {
  const prepared: string[] = [];
  machine.prepare = async ({ hash }) => {
    prepared.push(`${hash} after ${running.served.at(-1)}`);
  };

  await machine.edit(running, snapshot('three'));
  await running.serving.rollback(previous);
  await machine.edit(running, snapshot('four'));
  await running.reloader.resume({ reason: null, by: anna.by });

  assert.equal(running.served.slice(2), ['three', 'two', 'four']);
  assert.equal(prepared, ['three after two', 'two after three', 'four after two']);
});

test('what cannot be prepared never serves, whoever wants it, and what served goes on', async context => {
  const { machine, running } = context;
  const { activations } = machine.disk;
  machine.prepare = async ({ hash }) => {
    if (hash === 'one' || hash === 'three') throw new Error('of ours');
  };
  const before = activations.length;

  machine.files.content = snapshot('three');
  const reload = await running.reloader.reloadNow();
  assert.is(reload.outcome, 'refused');
  assert.match(reload.failure!, /^no call can go by the version three, because of a bug: of ours/);
  running.source.notice();
  await machine.time.pass(0);
  assert.is(running.reloader.status().refused, 2);
  const refusal = await refusalOf(running.serving.rollback(previous));
  assert.match(refusal, /version one, .* nothing was changed$/);
  assert.equal([running.serving.hold, activations.length], [null, before]);

  await running.serving.rollback({ version: 'two', ...anna });
  await refusalOf(running.reloader.resume({ reason: null, by: anna.by }));
  assert.is(running.serving.hold?.hash, 'two');
  assert.equal(running.served, ['one', 'two']);
  assert.ok(
    machine.log.lines.includes(
      'error A snapshot could not be prepared, and does not serve; this is a bug, please report this line hash=three error=of ours',
    ),
  );
});

test('what only another commit is the name of is prepared, too: calls go by it all the same', async ({
  machine,
  running,
}) => {
  const prepared: (string | null)[] = [];
  machine.prepare = async ({ commit }) => {
    assert.is(running.serving.current.commit, null);
    prepared.push(commit);
  };

  assert.is(await machine.edit(running, snapshot('two')), 'unchanged');
  assert.is(await machine.edit(running, { ...snapshot('two'), commit: 'c0ffee' }), 'unchanged');

  assert.equal(prepared, ['c0ffee']);
  assert.is(running.serving.current.commit, 'c0ffee');
});

/** Holds up the preparation of one version until the test lets it go on. */
function heldUp({ machine }: Context, hash: string): { readonly begun: Promise<void>; goOn(): void } {
  let begin = (): void => {};
  let goOn = (): void => {};
  const begun = new Promise<void>(resolve => (begin = resolve));
  const mayGoOn = new Promise<void>(resolve => (goOn = resolve));
  machine.prepare = async prepared => {
    if (prepared.hash !== hash) return;
    begin();
    await mayGoOn;
  };
  return { begun, goOn: () => goOn() };
}

test('who rolls back while a change is prepared gets rid of it, and the history has both in their order', async context => {
  const { machine, running } = context;
  const { begun, goOn } = heldUp(context, 'three');
  const edited = machine.edit(running, snapshot('three'));
  await begun;
  const rolledBack = running.serving.rollback(previous);
  assert.is(running.serving.current.hash, 'two');
  goOn();

  assert.is(await edited, 'applied');
  assert.equal([(await rolledBack).from, (await rolledBack).to], ['three', 'two']);
  assert.equal(running.served.slice(1), ['two', 'three', 'two']);
  assert.equal(
    machine.disk.activations.slice(-2).map(({ hash, cause }) => `${cause} ${hash}`),
    ['edit three', 'rollback two'],
  );
  assert.is(await machine.edit(running, snapshot('three')), 'held');
});

test('a switch that is stopped while a change is prepared ends with it served and recorded, and takes no more', async context => {
  const { machine, running } = context;
  const { begun, goOn } = heldUp(context, 'three');
  const edited = machine.edit(running, snapshot('three'));
  await begun;
  const closed = running.serving.close();
  const late = refusalOf(running.serving.rollback(previous));
  goOn();
  await closed;

  assert.is(await edited, 'applied');
  assert.is(await late, 'the switch is stopping');
  assert.is(running.serving.current.hash, 'three');
  assert.is(machine.disk.activations.at(-1)!.hash, 'three');
  assert.is(running.serving.decisions.pending, 0);
});

test.run();
