import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AttemptStage, inviteVisited, movesTo, stageOf, visit } from '../../src/call/timers.ts';

const test = suite('call/timers');

/** The stages that a gateway's announcements lead through. */
function walk(...announced: readonly AttemptStage[]): readonly AttemptStage[] {
  let current: AttemptStage = 'invite';
  let visited = inviteVisited;
  const entered: AttemptStage[] = [];
  for (const stage of announced) {
    if (!movesTo(stage, current, visited)) continue;
    current = stage;
    visited = visit(visited, stage);
    entered.push(stage);
  }
  return entered;
}

test('a provisional response announces its stage', () => {
  assert.is(stageOf(100, false), 'trying');
  assert.is(stageOf(180, false), 'ringing');
  assert.is(stageOf(180, true), 'ringing');
  assert.is(stageOf(183, false), 'progress');
  assert.is(stageOf(183, true), 'progressSdp');
  assert.is(stageOf(181, false), 'progress');
  assert.is(stageOf(182, false), 'progress');
});

test('a call moves through the stages in their order', () => {
  assert.equal(walk('trying', 'progress', 'progressSdp', 'ringing'), [
    'trying',
    'progress',
    'progressSdp',
    'ringing',
  ]);
});

test('a repeated response does not enter its stage again', () => {
  assert.equal(walk('ringing', 'ringing', 'ringing'), ['ringing']);
});

test('early media after ringing is a stage of its own, and neither can prolong the other for ever', () => {
  assert.equal(walk('ringing', 'progressSdp', 'ringing', 'progressSdp'), ['ringing', 'progressSdp']);
});

test('a late 100 or a 183 without SDP does not take ringing back', () => {
  assert.equal(walk('ringing', 'trying', 'progress'), ['ringing']);
  assert.equal(walk('progressSdp', 'progress'), ['progressSdp']);
});

test.run();
