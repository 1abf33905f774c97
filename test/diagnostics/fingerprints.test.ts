import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fingerprints } from '../../src/diagnostics/fingerprints.ts';
import { duplicate, oldSpelling } from './findings.ts';

const test = suite('diagnostics/fingerprints');

test('a finding stays the same when it moves within its file', () => {
  const moved = { ...duplicate, place: { ...duplicate.place, line: 60, column: 9 } };

  assert.equal(fingerprints([moved]), fingerprints([duplicate]));
  assert.match(fingerprints([duplicate])[0]!, /^[0-9a-f]{32}$/);
});

test('a finding is another one in another file, of another code or with other words', () => {
  const others = [
    duplicate,
    oldSpelling,
    { ...duplicate, place: { ...duplicate.place, file: 'switch.yaml' } },
    { ...duplicate, code: 'C4205' },
    { ...duplicate, message: 'the prefix "45" stands twice' },
  ];

  assert.is(new Set(others.map(other => fingerprints([other])[0])).size, 5);
});

test('equal findings are told apart by their order, and one more changes none before it', () => {
  const two = fingerprints([duplicate, oldSpelling, duplicate]);
  const three = fingerprints([duplicate, duplicate, duplicate]);

  assert.is(new Set(two).size, 3);
  assert.equal([two[0], two[2]], three.slice(0, 2));
});

test.run();
