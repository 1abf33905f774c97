import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { escapeMessage, escapeProperty, workflowCommand } from '../../src/diagnostics/workflow-command.ts';

const test = suite('diagnostics/workflow-command');

/** As the runner of GitHub does it: the percent sign last, so that nothing is unescaped twice. */
function received(text: string): string {
  return text
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%25', '%');
}

const hostile = fc.string({
  unit: fc.constantFrom('%', '\r', '\n', ':', ',', '2', '5', '0', 'A', 'é', '🙂'),
});

test('whatever a message or a property says arrives as it was', () => {
  fc.assert(
    fc.property(hostile, text => {
      assert.is(received(escapeMessage(text)), text);
      assert.is(received(escapeProperty(text)), text);
    }),
  );
});

test('a command is one line, and no value of a property ends early', () => {
  fc.assert(
    fc.property(hostile, hostile, (title, message) => {
      const line = workflowCommand('error', { file: 'a', title }, message);
      assert.not.match(line, /[\r\n]/);
      const [, name, properties, rest] = /^::(\w+) ([^:]*)::(.*)$/s.exec(line)!;
      assert.is(name, 'error');
      assert.equal(properties!.split(',').map(received), [
        'file=a',
        ...(title === '' ? [] : [`title=${title}`]),
      ]);
      assert.is(received(rest!), message);
    }),
  );
});

test('a command without properties has no blank', () => {
  assert.is(workflowCommand('notice', {}, 'x'), '::notice::x');
});

test.run();
