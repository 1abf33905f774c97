/** Plays a runbook of docs/operations.md: types its commands in their order, in a shell in the directory of the switch. */
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { projectDirectory } from '../../support/source-files.ts';
import { Child } from './child.ts';
import { commandOfNow, compareLines, type Names } from './page-lines.ts';
import { until } from './until.ts';
import type { World } from './world.ts';

const main = fileURLToPath(new URL('../../../src/main.js', import.meta.url));
const commandTimeoutMs = 60_000;
const page = join(projectDirectory, 'docs', 'operations.md');
/** Where the directory of the switch is on the page. */
const directoryOnPage = '/srv/class4';

/** What a shell shows before each further line of a command. */
const continuation = '> ';

interface Step {
  readonly command: string;
  readonly shown: readonly string[];
}

export interface Typed {
  readonly code: number | null;
  /** Both streams, as a terminal shows them. */
  readonly output: string;
}

export class Runbook {
  readonly #world: World;
  readonly #blocks: readonly (readonly Step[])[];
  readonly #programs: string;
  #names: Names = new Map();
  #differences = 0;
  #played = 0;

  private constructor(world: World, blocks: readonly (readonly Step[])[]) {
    this.#world = world;
    this.#blocks = blocks;
    this.#programs = mkdtempSync(join(world.directory, 'programs-'));
    const program = join(this.#programs, 'class4');
    writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`);
    chmodSync(program, 0o755);
  }

  /** `name` is that of the test which plays it. @throws when the page has no such runbook */
  static open(world: World, name: string): Runbook {
    const marker = `<!-- played by test/interop/${name}.test.ts -->`;
    const [, after] = readFileSync(page, 'utf8').split(marker);
    if (after === undefined) throw new Error(`docs/operations.md has no ${marker}`);
    const section = after.split(/^##+ /m)[0]!;
    return new Runbook(
      world,
      [...section.matchAll(/^```console\n(.*?)^```$/gms)].map(match => stepsOf(match[1]!)),
    );
  }

  /** Types the commands of the next block; the results in their order. */
  async plays(): Promise<readonly Typed[]> {
    const block = this.#blocks[this.#played];
    if (block === undefined) throw new Error(`the runbook has only ${this.#played} blocks of commands`);
    this.#played += 1;
    const results: Typed[] = [];
    for (const { command, shown } of block) {
      const typed = await this.#type(commandOfNow(command, this.#names));
      results.push(typed);
      this.#compare(command, shown, typed);
    }
    return results;
  }

  /** @throws when the page shows something else than was printed, or has commands that were not typed */
  finished(): void {
    assert.is(this.#differences, 0, 'the page shows something else than the commands print, see above');
    assert.is(this.#played, this.#blocks.length, 'the runbook has more commands than were played');
  }

  async #type(command: string): Promise<Typed> {
    const child = new Child(command, {
      command: 'sh',
      args: ['-c', `exec 2>&1\n${command}`],
      cwd: this.#world.network.directory,
      env: { PATH: `${this.#programs}:${process.env['PATH']}` },
    });
    const { code } = await child.ended(commandTimeoutMs);
    return { code, output: child.stdout.replaceAll(this.#world.network.directory, directoryOnPage) };
  }

  /** A difference is told at once, and fails the test at its end, so that the whole runbook is seen. */
  #compare(command: string, shown: readonly string[], { output }: Typed): void {
    const names = compareLines(shown, linesOf(output), this.#names);
    if (names !== null) {
      this.#names = names;
      return;
    }
    this.#differences += 1;
    process.stderr.write(`docs/operations.md shows something else than this:\n$ ${command}\n${output}\n`);
  }
}

/** Waits until what serves is kept, as it is when nobody has touched anything for a moment; its hash. */
export async function decisionsAreDurable(world: World): Promise<string> {
  return until('every decision is on the disk', async () => {
    const { decisions, snapshot } = await world.switch.status();
    return decisions.pending === 0 ? snapshot.hash : undefined;
  });
}

function stepsOf(block: string): readonly Step[] {
  return block
    .split(/^\$ /m)
    .slice(1)
    .map(step => {
      const [first, ...more] = linesOf(step);
      const length = more.findIndex(line => !line.startsWith(continuation));
      const continued = more.slice(0, length === -1 ? more.length : length);
      const command = [first!, ...continued.map(line => line.slice(continuation.length))].join('\n');
      return { command, shown: more.slice(continued.length) };
    });
}

/** None where nothing was printed. */
function linesOf(text: string): readonly string[] {
  return text.trimEnd() === '' ? [] : text.trimEnd().split('\n');
}
