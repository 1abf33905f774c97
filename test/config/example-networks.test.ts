import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { defaultLimits } from '../../src/config/limits.ts';
import { lintAsOf } from '../../src/config/lint/lint-as-of.ts';
import { loadConfiguration } from '../../src/config/load.ts';
import { listFiles } from '../../src/config/read/list-files.ts';
import { printDiagnostics } from '../../src/diagnostics/print.ts';
import { projectDirectory } from '../support/source-files.ts';
import { exampleNetworks } from './example-networks.ts';

const test = suite('config/example-networks');

const networks = exampleNetworks();
/** A fixed moment, so that a date in an example cannot make the test fail one day. */
const nowMs = Date.UTC(2026, 10, 21);
const portName = /\b[A-Z]+_PORT\b/;

test('the example, the network of the demo and the one of the tests are found', () => {
  for (const folder of ['', join('demo', 'network'), join('test', 'config', 'everything')]) {
    assert.ok(networks.includes(folder), folder);
  }
});

for (const folder of networks) {
  test(`there is nothing to say about ./${folder}, warnings included`, () => {
    withPorts(join(projectDirectory, folder), directory => {
      const { diagnostics, snapshot } = loadConfiguration(directory, defaultLimits, {
        lint: lintAsOf(nowMs),
      });

      assert.is(printDiagnostics(diagnostics, 'text'), '');
      assert.ok(snapshot !== null);
    });
  });
}

/** The network of the demo names its ports, which are filled in when it is played. */
function withPorts(directory: string, use: (directory: string) => void): void {
  const files = listFiles(directory).files.map(({ path }) => path);
  const named = files.filter(path => portName.test(readFileSync(join(directory, path), 'utf8')));
  if (named.length === 0) {
    use(directory);
    return;
  }
  const copy = mkdtempSync(join(tmpdir(), 'class4-network-'));
  try {
    cpSync(directory, copy, { recursive: true });
    named.forEach((path, index) => {
      const text = readFileSync(join(copy, path), 'utf8');
      writeFileSync(join(copy, path), text.replace(new RegExp(portName, 'g'), String(20_000 + index)));
    });
    use(copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

test.run();
