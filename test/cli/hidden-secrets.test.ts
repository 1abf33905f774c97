import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { looksSecret, SecretHider, withoutSecrets } from '../../src/cli/hidden-secrets.ts';
import { sourceFiles } from '../support/source-files.ts';

const test = suite('cli/hidden-secrets');

function shown(...lines: string[]): readonly (string | null)[] {
  const hider = new SecretHider();
  return lines.map(line => hider.next(line));
}

test('shows lines without secrets as they are', () => {
  const lines = [
    'name: golden',
    'sip:',
    '  listen: [{ transport: udp, address: "::1", port: 5060 }]',
    '',
    '# a: b',
  ];

  assert.equal(shown(...lines), lines);
});

test('hides what follows the key of a secret', () => {
  assert.equal(shown('secret: swordfish'), ['secret: …']);
  assert.equal(shown('  server: { host: h, port: 1, secret: swordfish, x: y }'), [
    '  server: { host: h, port: 1, secret: …',
  ]);
  assert.equal(shown('"secret":"swordfish"'), ['"secret": …']);
  assert.equal(shown("- 'password' : swordfish"), ["- 'password' : …"]);
  assert.equal(shown('secret: { env: swordfish }'), ['secret: …']);
  assert.equal(shown('# secret: swordfish'), ['# secret: …']);
});

test('hides a secret under a misspelt key', () => {
  for (const key of [
    'secrte',
    'pasword',
    'sceret',
    'Secret',
    'apiKey',
    'authToken',
    'db_password',
    'sipPass',
    'pass',
  ]) {
    assert.equal(shown(`${key}: swordfish`), [`${key}: …`]);
  }
});

test('shows a whole file without its secrets', () => {
  const text = 'name: a\nserver:\n  secret:\n    swordfish\ncurrency: USD\n';

  assert.is(withoutSecrets(text), 'name: a\nserver:\n  secret:\n…\ncurrency: USD\n');
});

test('hides a secret that stands below its key', () => {
  assert.equal(shown('secret:', '  swordfish', '', '  more', 'name: x'), [
    'secret:',
    null,
    '',
    null,
    'name: x',
  ]);
  assert.equal(shown('  secret: |', '    swordfish', '  port: 1'), ['  secret: …', null, '  port: 1']);
  assert.equal(shown('? secret', ': swordfish', 'name: x'), ['? secret', null, 'name: x']);
  assert.equal(shown('secret: >-', ' sword', 'name: x'), ['secret: …', null, 'name: x']);
});

test('shows what stands behind the brackets of a secret again', () => {
  assert.equal(shown('a: { secret: [', 'x', '] }', 'b: 1'), ['a: { secret: …', null, null, 'b: 1']);
  assert.equal(shown('a: { secret: x }', 'b: 1'), ['a: { secret: …', 'b: 1']);
  assert.equal(shown('secret:', 'b: 1'), ['secret:', 'b: 1']);
});

test('hides everything behind a quotation that does not end', () => {
  assert.equal(shown('secret: "sword', 'fish"', 'name: x'), ['secret: …', null, null]);
  assert.equal(shown("secret: { env: 'sword", 'name: x'), ['secret: …', null]);
});

test('wherever a secret stands in a mapping, no line shows it', () => {
  const key = fc.constantFrom('secret', '"secret"', 'password', 'passwd');
  const layout = fc.constantFrom(
    (name: string) => [`${name}: swordfish`],
    (name: string) => [`${name}:`, '  swordfish'],
    (name: string) => [`${name}: "sword`, '  swordfish"'],
    (name: string) => [`${name}: |`, '  swordfish', '', '  swordfish'],
    (name: string) => [`a: { ${name}: swordfish }`],
    (name: string) => [`a: { b: 1, ${name}:`, '  swordfish }'],
    (name: string) => [`- ${name}: swordfish`],
    (name: string) => [`? ${name}`, ': swordfish'],
    (name: string) => [`a: { b: 1, ${name}:`, 'swordfish', ', c: 1 }'],
    (name: string) => [`a: { b: 1, ${name}: [`, 'x, {', '}', 'swordfish ] }'],
    (name: string) => [`${name}:`, '', 'swordfish'],
    (name: string) => [`${name}:`, '- swordfish'],
  );
  fc.assert(
    fc.property(key, layout, fc.nat(6), (name, lay, indentation) => {
      const lines = ['name: x', ...lay(name).map(line => `${' '.repeat(indentation)}${line}`), 'last: y'];
      assert.not.match(shown(...lines).join('\n'), 'swordfish');
    }),
  );
});

test('every key of the schemas that holds a secret is hidden, and no other', () => {
  for (const { path, text } of sourceFiles('schemas', '.json')) {
    JSON.parse(text, (name: string, value: unknown) => {
      const properties = (value as { properties?: Record<string, Record<string, unknown>> } | null)
        ?.properties;
      if (name === 'properties' || typeof properties !== 'object') return value;
      for (const [key, schema] of Object.entries(properties)) {
        assert.is(looksSecret(key), schema['x-form'] === 'secret', `${key} in ${path}`);
      }
      return value;
    });
  }
});

test('what stands in a URL for a password is hidden', () => {
  assert.is(
    withoutSecrets('repository: https://bot:hunter2@git.example.net/x.git # https://a@b/?t=hunter2'),
    'repository: https://…@git.example.net/x.git # https://…@b/?…',
  );
});

test.run();
