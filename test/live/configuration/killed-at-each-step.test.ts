/** Kills a switch at each step of a decision, and looks what the next one makes of what is left. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { settle } from '../fakes.ts';
import { anna, ben, Machine, type RunningSwitch, snapshot } from './decisions.ts';

const test = suite('live/configuration/killed-at-each-step');

interface Story {
  readonly prepare: (machine: Machine, running: RunningSwitch) => Promise<unknown>;
  readonly decide: (machine: Machine, running: RunningSwitch) => Promise<unknown>;
}

const held = async (machine: Machine, running: RunningSwitch): Promise<void> => {
  await machine.edit(running, snapshot('two'));
  await running.serving.rollback({ version: null, ...anna });
};

const stories: Readonly<Record<string, Story>> = {
  reload: {
    prepare: async () => {},
    decide: (machine, running) => machine.edit(running, snapshot('two')),
  },
  rollback: {
    prepare: (machine, running) => machine.edit(running, snapshot('two')),
    decide: (_, running) => running.serving.rollback({ version: null, ...anna }),
  },
  'rollback of a rollback': {
    prepare: held,
    decide: (_, running) => running.serving.rollback({ version: 'two', ...ben }),
  },
  resume: {
    prepare: async (machine, running) => {
      await held(machine, running);
      await machine.edit(running, snapshot('three'));
    },
    decide: (_, running) => running.reloader.resume(ben),
  },
};

class Killed extends Error {}

/** Tells the story until `killAt` steps were taken; returns the steps that were. */
async function tell(story: Story, machine: Machine, killAt: number): Promise<readonly string[]> {
  const steps: string[] = [];
  let counting = false;
  const isEnd = (step: string): boolean => {
    if (!counting) return false;
    steps.push(step);
    return steps.length >= killAt;
  };
  const running = await machine.start(({ hash }) => {
    if (isEnd(`before ${hash} serves`)) throw new Killed();
  });
  await story.prepare(machine, running);
  // A dead process does nothing more: what it waits for never comes, and its time does not pass.
  const never = new Promise<void>(() => {});
  running.history.around = (step, moment) => (isEnd(`${moment} ${step}`) ? never : undefined);
  counting = true;
  void story.decide(machine, running).catch(error => assert.instance(error, Killed));
  for (let turn = 0; turn < 20; turn += 1) await settle();
  return steps;
}

async function stepsOf(story: Story): Promise<readonly string[]> {
  return tell(story, new Machine(), Number.POSITIVE_INFINITY);
}

/** What the next switch must serve, by nothing but what is on the disk. */
function wellDefined({ disk, files }: Machine): string {
  if (disk.hold !== null) return disk.hold.hash;
  assert.is.not(files.content, 'broken');
  return (files.content as { hash: string }).hash;
}

for (const [name, story] of Object.entries(stories)) {
  test(`a switch killed at any step of a ${name} comes back with one well-defined version`, async () => {
    const steps = await stepsOf(story);
    assert.ok(steps.includes('after activate'), steps.join(', '));
    const decidedAt = steps.indexOf('after activate') + 1;
    const serves = steps.findIndex(step => step.endsWith(' serves')) + 1;
    assert.ok(decidedAt < serves, `no call goes by a decision that is not on the disk: ${steps.join(', ')}`);
    for (let killAt = 1; killAt <= steps.length; killAt += 1) {
      const machine = new Machine();
      const at = `killed at step ${killAt}, ${steps[killAt - 1]}`;
      assert.is((await tell(story, machine, killAt)).length, killAt);
      const expected = wellDefined(machine);
      if (name === 'rollback') assert.is(expected, killAt < decidedAt ? 'two' : 'one', at);
      if (name === 'rollback of a rollback') assert.is(expected, killAt < decidedAt ? 'one' : 'two', at);
      if (name === 'resume') assert.is(expected, killAt < decidedAt ? 'one' : 'three', at);

      for (const restart of ['first', 'second']) {
        const known = machine.disk.activations.length;
        const again = await machine.start();
        assert.is(again.serving.current.hash, expected, `${at}, ${restart} restart`);
        assert.is(again.serving.hold?.hash ?? null, machine.disk.hold?.hash ?? null, at);
        const { activations, kept } = machine.disk;
        // What was open when the switch was killed stays open: nobody knows when it ended.
        const begun = activations.slice(known);
        assert.equal(
          begun.map(({ hash, endedAtMs }) => [hash, endedAtMs]),
          [[expected, null]],
          at,
        );
        assert.ok(
          activations.every(({ hash }) => kept.has(hash)),
          at,
        );
      }
    }
  });
}

test('a switch killed while the disk refuses a rollback comes back with the files, as it had said', async () => {
  const machine = new Machine();
  const running = await machine.start();
  await machine.edit(running, snapshot('two'));
  running.history.refusal = 'no space left on device';
  void running.serving.rollback({ version: null, ...anna });
  await machine.time.pass(10_000);
  assert.is(running.serving.current.hash, 'one');

  const again = await machine.start();

  assert.is(again.serving.current.hash, 'two');
  assert.is(again.serving.hold, null);
  assert.match(machine.log.lines.join('\n'), /would not survive a restart/);
});

test.run();
