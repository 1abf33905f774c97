import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Progress } from '../../src/cli/progress.ts';

const test = suite('cli/progress');

function played(colour: boolean, msPerCall: number): string {
  let said = '';
  let nowMs = 0;
  const io = {
    out: () => assert.unreachable('progress is not for standard output'),
    err: (text: string) => {
      said += text;
    },
    colour,
    env: {},
    workingDirectory: '/',
  };
  const progress = new Progress(io, () => nowMs);
  progress.at(0, 1);
  for (let call = 0; call < 1500; call++) {
    nowMs += msPerCall;
    progress.call();
  }
  progress.done();
  return said;
}

test('long work on a terminal says how far it is, and leaves nothing behind', () => {
  const said = played(true, 2);

  assert.is(
    said,
    '\r\u001b[Kscenario 1 of 1, 500 calls\r\u001b[Kscenario 1 of 1, 1,000 calls\r\u001b[Kscenario 1 of 1, 1,500 calls\r\u001b[K',
  );
});

test('short work, and work without a terminal, is silent', () => {
  assert.is(played(true, 0.1), '');
  assert.is(played(false, 2), '');
});

test.run();
