import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Snapshot } from '../../../src/config/snapshot.ts';
import { answerPatienceMs, rollbackPatienceMs } from '../../../src/live/configuration/serving-version.ts';
import { OperationError } from '../../../src/live/operations.ts';
import type { HistoryStep } from '../fakes.ts';
import { anna, ben, Machine, type RunningSwitch, snapshot } from './decisions.ts';

interface Context {
  machine: Machine;
  running: RunningSwitch;
}

const test = suite<Context>('live/configuration/rollback');
const previous = { version: null, ...anna };

test.before.each(async context => {
  context.machine = new Machine();
  context.running = await context.machine.start();
  await context.machine.edit(context.running, snapshot('two'));
});

async function refusalOf(work: Promise<unknown>): Promise<OperationError> {
  try {
    await work;
  } catch (error) {
    assert.instance(error, OperationError);
    return error as OperationError;
  }
  throw new Error('it was not refused');
}

test('a rollback serves the version before, holds it, and stands in the history and the log', async context => {
  const { machine, running } = context;

  const report = await running.serving.rollback(previous);

  assert.equal(running.served, ['one', 'two', 'one']);
  assert.equal([report.from, report.to, report.durable, report.problem], ['two', 'one', true, null]);
  const sinceMs = machine.time.nowMs;
  assert.equal(machine.disk.hold, { hash: 'one', ...anna, sinceMs });
  assert.equal(running.serving.hold, { hash: 'one', ...anna, sinceMs, durable: true });
  const last = machine.disk.activations.at(-1)!;
  assert.equal([last.hash, last.cause, last.by, last.reason], ['one', 'rollback', anna.by, anna.reason]);
  assert.equal(
    machine.log.lines.at(-1),
    'warn The configuration was rolled back; new calls use it, and changes wait for `class4 resume` from=two to=one by=anna@noc-1 reason=UK mobile fails',
  );
});

test('a version that is in memory still is not read from the history, and is prepared like any other', async context => {
  const { machine, running } = context;
  const inMemory = snapshot('one');
  machine.recent.set('one', inMemory);
  const prepared: Snapshot[] = [];
  machine.prepare = async next => {
    prepared.push(next);
  };
  const steps: HistoryStep[] = [];
  running.history.around = (step, moment) => {
    if (moment === 'after') steps.push(step);
  };

  for (const version of [null, '2', 'one']) {
    await running.serving.rollback({ version, ...anna });
  }

  assert.equal(running.served, ['one', 'two', 'one', 'two', 'one']);
  assert.is(steps.filter(step => step === 'restore').length, 1, 'only what is not in memory');
  assert.equal(
    prepared.map(({ hash }) => hash),
    ['one', 'two', 'one'],
  );
  assert.is(prepared[0], inMemory);
  assert.is(running.serving.current, inMemory);
  assert.is(machine.disk.hold?.hash, 'one', 'the decision is as durable as any other');
});

test('a version that the history has no more is not served from memory either', async ({
  machine,
  running,
}) => {
  machine.recent.set('gone', snapshot('gone'));
  const refusal = await refusalOf(running.serving.rollback({ version: 'gone', ...anna }));
  assert.is(refusal.kind, 'notFound');
  assert.equal(running.served, ['one', 'two']);
});

test('while a version is held, good changes are told once and not applied, and broken ones are told', async context => {
  const { machine, running } = context;
  await running.serving.rollback(previous);
  const said = machine.log.lines.length;

  assert.is(await machine.edit(running, snapshot('three')), 'held');
  assert.is(await machine.edit(running, snapshot('three')), 'held');
  assert.equal(running.reloader.status().sourceHash, 'three');
  assert.is(await machine.edit(running, 'broken'), 'refused');
  assert.equal(running.reloader.status().sourceHash, null);
  assert.is(await machine.edit(running, snapshot('one')), 'unchanged');

  assert.equal(running.served, ['one', 'two', 'one']);
  const lines = machine.log.lines.slice(said);
  assert.is(lines.filter(line => /good, and not applied/.test(line)).length, 1);
  assert.is(lines.filter(line => /refused; the old one/.test(line)).length, 1);
  assert.is(running.reloader.status().held, 2);
});

test('a storm of reloads while held changes nothing', async ({ machine, running }) => {
  await running.serving.rollback(previous);
  for (let edit = 0; edit < 200; edit += 1) {
    machine.files.content = edit % 3 === 0 ? 'broken' : snapshot(`edit-${edit}`);
    running.source.notice();
    if (edit % 5 === 0) void running.reloader.reloadNow();
    await machine.time.pass(50);
  }

  assert.equal(running.served, ['one', 'two', 'one']);
  assert.is(machine.disk.activations.length, 3);
  assert.not(machine.disk.kept.has('edit-1'), 'what never served is not in the history');
});

test('resuming serves the files and ends the hold', async ({ machine, running }) => {
  await running.serving.rollback(previous);
  await machine.edit(running, snapshot('three'));

  const { outcome, decision } = await running.reloader.resume(ben);

  assert.is(outcome, 'resumed');
  assert.equal([decision!.from, decision!.to, decision!.durable], ['one', 'three', true]);
  assert.equal(running.served, ['one', 'two', 'one', 'three']);
  assert.is(running.serving.hold, null);
  assert.is(machine.disk.hold, null);
  const last = machine.disk.activations.at(-1)!;
  assert.equal([last.cause, last.by, last.reason], ['resume', ben.by, ben.reason]);
  assert.is(await machine.edit(running, snapshot('four')), 'applied');
});

test('files with errors end no hold', async ({ machine, running }) => {
  await running.serving.rollback(previous);
  machine.files.content = 'broken';

  const { outcome, diagnostics, decision } = await running.reloader.resume(ben);

  assert.equal([outcome, diagnostics.length, decision], ['refused', 1, null]);
  assert.is(running.serving.hold!.hash, 'one');
  assert.is(machine.disk.hold!.hash, 'one');
});

test('resuming what is not held is refused', async ({ running }) => {
  assert.match((await refusalOf(running.reloader.resume(ben))).message, /nothing is held/);
});

test('a rollback while the files of a resume are read keeps its hold', async ({ running }) => {
  await running.serving.rollback(previous);
  running.source.meanwhile = async () => {
    await running.serving.rollback({ version: 'two', ...ben });
  };

  const refused = await refusalOf(running.reloader.resume(anna));

  assert.match(refused.message, /ben@noc-2 rolled back meanwhile/);
  assert.is(running.serving.hold!.hash, 'two');
  assert.is(running.serving.current.hash, 'two');
});

test('of two who roll back at once the second is told, and does not undo the first', async ({ running }) => {
  const [first, second] = await Promise.allSettled([
    running.serving.rollback(previous),
    running.serving.rollback({ version: 'previous', ...ben }),
  ]);

  assert.is(first.status, 'fulfilled');
  assert.is(second.status, 'rejected');
  assert.match(String((second as PromiseRejectedResult).reason), /anna@noc-1 rolled back already/);
  assert.equal(running.served, ['one', 'two', 'one']);
});

test('a named version replaces the hold', async ({ machine, running }) => {
  await machine.edit(running, snapshot('three'));
  await running.serving.rollback(previous);

  const report = await running.serving.rollback({ version: '1', ...ben });

  assert.equal([report.from, report.to], ['two', 'one']);
  assert.equal([machine.disk.hold!.hash, machine.disk.hold!.by], ['one', ben.by]);
});

test('a rollback to what serves holds it and changes nothing else', async ({ machine, running }) => {
  const report = await running.serving.rollback({ version: 'two', ...anna });

  assert.equal([report.from, report.to], ['two', 'two']);
  assert.equal(running.served, ['one', 'two']);
  assert.is(machine.disk.hold!.hash, 'two');
  assert.is(await machine.edit(running, snapshot('three')), 'held');
});

test('a rollback does not wait for a reload that is being read, and that one is held', async context => {
  const { machine, running } = context;
  let goOn = (): void => {};
  running.source.meanwhile = () => new Promise(resolve => (goOn = resolve));
  const reload = machine.edit(running, snapshot('three'));
  await machine.time.pass(0);

  await running.serving.rollback(previous);
  assert.is(running.serving.current.hash, 'one');
  goOn();

  assert.is(await reload, 'held');
  assert.equal(running.served, ['one', 'two', 'one']);
});

test('previous looks past restarts of the same version and trials on a share of calls', async context => {
  const { machine, running } = context;
  const { disk } = machine;
  disk.kept.set('tried', snapshot('tried'));
  disk.activations.push({ ...disk.activations[1]!, id: 3, hash: 'tried', sharePercent: 5 });
  for (let id = 4; id < 304; id += 1) {
    disk.activations.push({ ...disk.activations[1]!, id, hash: 'two', cause: 'start' });
  }

  assert.is((await running.serving.rollback(previous)).to, 'one');
});

test('previous goes by the order of activations and not by a clock that jumped', async context => {
  const { machine, running } = context;
  machine.time.nowMs -= 3_600_000;
  await machine.edit(running, snapshot('three'));
  const { beganAtMs } = machine.disk.activations.at(-1)!;
  assert.ok(beganAtMs < machine.disk.activations[0]!.beganAtMs);

  assert.is((await running.serving.rollback(previous)).to, 'two');
});

test('without an earlier version there is nothing to go back to', async () => {
  const machine = new Machine();
  const running = await machine.start();

  const refused = await refusalOf(running.serving.rollback(previous));

  assert.is(refused.kind, 'notFound');
  assert.is(running.serving.hold, null);
});

test('a version that is not in the history is answered with those that are', async ({ machine, running }) => {
  await machine.edit(running, snapshot('3f786850e387550fdab836ed7e6dc881de23001b'));

  const { kind, hint } = await refusalOf(running.serving.rollback({ version: '3f7868b0', ...anna }));
  assert.is(kind, 'notFound');
  assert.match(hint!, 'did you mean "3f786850"?');
  assert.match(hint!, /3 or 3f786850e387 \(edit, 2026-01-15T12:00Z\), 2 or two/);
  const other = await refusalOf(running.serving.rollback({ version: 'prevoius', ...anna }));
  assert.match(other.hint!, 'did you mean "previous"?');
});

test('a version that cannot be restored leaves everything as it is', async ({ machine, running }) => {
  running.history.around = step => {
    if (step === 'restore') throw new Error('the blob is damaged');
  };

  const refused = await refusalOf(running.serving.rollback(previous));

  assert.match(
    refused.message,
    /the version one cannot be restored: the blob is damaged; nothing was changed/,
  );
  assert.equal(running.served, ['one', 'two']);
  assert.equal([running.serving.hold, machine.disk.hold], [null, null]);
  running.history.around = () => {};
  assert.is((await running.serving.rollback(previous)).to, 'one', 'the next one is not in its way');
});

test('settings that need a restart are named and everything else is applied', async ({
  machine,
  running,
}) => {
  machine.disk.kept.set('one', snapshot('one', 5070, 'elsewhere.db'));

  const report = await running.serving.rollback(previous);

  assert.equal(report.restartNeeded, ['sip.listen', 'store.path']);
  assert.is(running.serving.current.hash, 'one');
  assert.match(machine.log.lines.at(-1)!, /after a restart only settings=sip\.listen, store\.path/);
});

test('a full disk keeps nobody from rolling back, is told, and gets the decision as soon as it can', async context => {
  const { machine, running } = context;
  running.history.refusal = 'no space left on device';

  const waiting = running.serving.rollback(previous);
  await machine.time.pass(0);
  assert.is(running.serving.current.hash, 'one', 'new calls use it at once');
  await machine.time.pass(answerPatienceMs);
  const report = await waiting;

  assert.equal([report.durable, report.problem], [false, 'no space left on device']);
  assert.is(running.serving.hold!.durable, false);
  assert.equal(running.serving.decisions, { pending: 1, lastError: 'no space left on device' });
  assert.match(machine.log.lines.at(-1)!, /error The decision serves, but it would not survive a restart/);
  assert.is(machine.disk.hold, null);

  running.history.refusal = null;
  await machine.time.pass(5000);
  assert.is(machine.disk.hold!.hash, 'one');
  assert.is(running.serving.hold!.durable, true);
  assert.equal(running.serving.decisions, { pending: 0, lastError: null });
  assert.match(machine.log.lines.at(-1)!, /The history can be written again/);
});

test('a slow disk holds up no new call', async ({ machine, running }) => {
  let goOn = (): void => {};
  running.history.around = step => {
    if (step === 'activate') return new Promise(resolve => (goOn = resolve));
    return undefined;
  };
  const waiting = running.serving.rollback(previous);
  await machine.time.pass(rollbackPatienceMs);
  assert.is(running.serving.current.hash, 'one');
  running.history.around = () => {};
  goOn();

  assert.is((await waiting).durable, true);
});

test('an edit that the disk did not take is no obstacle for the rollback after it', async context => {
  const { machine, running } = context;
  running.history.around = (step, moment) => {
    if (step === 'keep' && moment === 'before') throw new Error('the deck is too large to be kept');
  };
  assert.is(await machine.edit(running, snapshot('three')), 'applied');

  const report = await running.serving.rollback(previous);

  assert.equal([report.from, report.to, report.durable], ['three', 'two', true]);
  assert.is(machine.disk.hold!.hash, 'two');
  assert.match(
    machine.log.lines.join('\n'),
    /could not be written before another one replaced it hash=three/,
  );
});

test('a switch that stops says which decision is lost', async ({ machine, running }) => {
  running.history.refusal = 'no space left on device';
  const waiting = running.serving.rollback(previous);
  await machine.time.pass(answerPatienceMs);
  await waiting;

  await running.serving.close();

  assert.match(
    machine.log.lines.at(-1)!,
    /error A decision is lost with this restart hash=one cause=rollback by=anna@noc-1 reason=UK mobile fails/,
  );
  await refusalOf(running.serving.rollback(previous));
});

test('a decision that waits is written when the switch stops on a disk that has room again', async context => {
  const { machine, running } = context;
  running.history.refusal = 'no space left on device';
  const waiting = running.serving.rollback(previous);
  await machine.time.pass(answerPatienceMs);
  await waiting;
  running.history.refusal = null;

  await running.serving.close();

  assert.is(machine.disk.hold!.hash, 'one');
});

test('a switch starts with what is held, whatever the files are', async ({ machine, running }) => {
  await running.serving.rollback(previous);
  machine.files.content = 'broken';

  const again = await machine.start();

  assert.equal(again.served, ['one']);
  assert.equal([again.serving.hold!.by, again.serving.hold!.durable], [anna.by, true]);
  assert.is(again.reloader.status().sourceHash, null);
  assert.match(machine.log.lines.join('\n'), /starts with a version that is held/);
  assert.is(await machine.edit(again, snapshot('three')), 'held');
  assert.is((await again.reloader.resume(ben)).outcome, 'resumed');
});

test('a switch whose held version is lost does not start with the files behind the back of who holds it', async context => {
  const { machine, running } = context;
  await running.serving.rollback(previous);
  machine.disk.kept.delete('one');

  let failure: unknown = null;
  await machine.start().catch((error: unknown) => {
    failure = error;
  });

  assert.match(
    String(failure),
    /the version one, which anna@noc-1 holds \(UK mobile fails\), cannot be restored/,
  );
  assert.match((failure as { hint: string }).hint, /class4 rollback VERSION .*class4 resume/);
});

test.run();
