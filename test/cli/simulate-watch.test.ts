import { spawn } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { exampleDirectory } from './example-directory.ts';

const test = suite('cli/simulate-watch');
const program = fileURLToPath(new URL('../../src/main.js', import.meta.url));

const scenario = (gateway: string): string => `scenarios:
  - name: UK mobile
    call: { via: brightcall, callee: "447700900123", hangUp: 60s, expect: { gateway: ${gateway} } }
`;

/** What the program has said so far, and whoever waits for it to say something. */
class Heard {
  #text = '';
  #wake = (): void => {};

  take(piece: string): void {
    this.#text += piece;
    this.#wake();
  }

  /** Waits for text behind what was waited for last. */
  async until(wanted: RegExp): Promise<void> {
    for (;;) {
      const match = wanted.exec(this.#text);
      if (match !== null) {
        this.#text = this.#text.slice(match.index + match[0].length);
        return;
      }
      await new Promise<void>(resolve => {
        this.#wake = resolve;
      });
    }
  }
}

test('plays again when a scenario or the configuration changes, and ends with the last exit code', async () => {
  const directory = exampleDirectory();
  const path = join(directory.path, 'ci/scenarios/uk.yaml');
  mkdirSync(join(directory.path, 'ci/scenarios'), { recursive: true });
  writeFileSync(path, scenario('meridian-mobile'));
  const child = spawn(process.execPath, [program, 'simulate', '--watch', '--seed', '7'], {
    cwd: directory.path,
  });
  try {
    const heard = new Heard();
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (piece: string) => heard.take(piece));
    }
    await heard.until(/1 passed, 0 failed\n/);
    await heard.until(/ctrl-c ends it\n/);
    writeFileSync(path, scenario('northlink'));
    await heard.until(/seed 7\n[\s\S]*0 passed, 1 failed\n/);
    writeFileSync(path, 'scenarios: [');
    await heard.until(/error C41\d\d[\s\S]*the scenarios have errors/);
    writeFileSync(path, scenario('meridian-mobile'));
    await heard.until(/1 passed, 0 failed\n/);
    writeFileSync(join(directory.path, 'accounts/brightcall.yaml'), 'nonsense: 1\n');
    await heard.until(/error C42\d\d[\s\S]*the configuration has errors/);
    await heard.until(/ctrl-c ends it\n/);
    const ended = new Promise(resolve => child.once('exit', resolve));
    child.kill('SIGINT');
    assert.is(await ended, 2);
  } finally {
    child.kill('SIGKILL');
    rmSync(directory.path, { recursive: true, force: true });
  }
});

test.run();
