/** Whoever breaks routing, hunting or rating is told by a scenario: shown by breaking them, one line at a time. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { directoryOf, exampleNetwork, featureNetwork } from './features/network.ts';
import { BrokenCopy, type Outcome } from './mutations/broken-copy.ts';
import { huntingMutations, type Mutation, ratingMutations, routingMutations } from './mutations/mutations.ts';

const test = suite('sim/planted-mutations');

const networks = [directoryOf(featureNetwork), directoryOf(exampleNetwork)];
/** So many are tried at once. */
const copies = [new BrokenCopy(), new BrokenCopy()];

test.after(() => {
  for (const copy of copies) copy.remove();
});

test('without a mistake all scenarios pass in the copy, too', async () => {
  assert.equal(await copies[0]!.play(null, networks), { kind: 'passed' });
});

for (const [what, mutations] of [
  ['routing', routingMutations],
  ['hunting', huntingMutations],
  ['rating', ratingMutations],
] as const) {
  test(`a scenario notices each mistake in ${what}`, async () => {
    const outcomes = await outcomesOf(mutations);
    const unnoticed = mutations.flatMap(mutation => {
      const outcome = outcomes.get(mutation)!;
      if (outcome.kind === 'noticed' && isOfScenario(outcome.by)) return [];
      return [`${mutation.mistake}: ${JSON.stringify(outcome)}`];
    });
    assert.is(unnoticed.join('\n'), '');
  });
}

/** A mistake that is no JavaScript is none. */
function isOfScenario(text: string): boolean {
  return !text.includes('SyntaxError');
}

async function outcomesOf(mutations: readonly Mutation[]): Promise<ReadonlyMap<Mutation, Outcome>> {
  const outcomes = new Map<Mutation, Outcome>();
  const left = mutations.values();
  const work = async (copy: BrokenCopy): Promise<void> => {
    for (const mutation of left) outcomes.set(mutation, await copy.play(mutation, networks));
  };
  await Promise.all(copies.map(work));
  return outcomes;
}

test.run();
