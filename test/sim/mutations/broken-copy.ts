/** Copies of the compiled project in which one line is wrong. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectDirectory } from '../../support/source-files.ts';
import type { Mutation } from './mutations.ts';

/** Far more than a run takes: an engine that never ends is broken, too. */
const longestRunMs = 120_000;

const compiled = fileURLToPath(new URL('../../../', import.meta.url));

export type Outcome =
  | { readonly kind: 'passed' }
  /** What the first scenario that fails says, or how the engine breaks down. */
  | { readonly kind: 'noticed'; readonly by: string }
  /** The mutation is not about this project any more. */
  | { readonly kind: 'impossible'; readonly why: string };

/** One copy, which is mended after each mutation. */
export class BrokenCopy {
  readonly #root: string;

  constructor() {
    this.#root = mkdtempSync(join(tmpdir(), 'class4-mutations-'));
    for (const part of ['src', join('test', 'sim', 'features'), join('test', 'sim', 'mutations')]) {
      const target = join(this.#root, 'dist', part);
      mkdirSync(target, { recursive: true });
      cpSync(join(compiled, part), target, { recursive: true });
    }
    for (const name of ['schemas', 'node_modules', 'package.json']) {
      symlinkSync(join(projectDirectory, name), join(this.#root, name));
    }
  }

  /** Plays the networks (absolute directories) with the mistake; without one when it is null. */
  async play(mutation: Mutation | null, networks: readonly string[]): Promise<Outcome> {
    if (mutation === null) return await this.#run(networks);
    const file = join(this.#root, 'dist', 'src', mutation.file);
    const text = readFileSync(file, 'utf8');
    const found = text.split(mutation.text).length - 1;
    if (found !== 1)
      return { kind: 'impossible', why: `${mutation.file} has it ${found} times: ${mutation.text}` };
    try {
      writeFileSync(
        file,
        text.replace(mutation.text, () => mutation.replacement),
      );
      return await this.#run(networks);
    } finally {
      writeFileSync(file, text);
    }
  }

  remove(): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  #run(networks: readonly string[]): Promise<Outcome> {
    const program = join(this.#root, 'dist', 'test', 'sim', 'mutations', 'play-networks.js');
    return new Promise(resolve => {
      execFile(
        process.execPath,
        [program, ...networks],
        { timeout: longestRunMs },
        (error, stdout, stderr) => {
          if (error === null) resolve({ kind: 'passed' });
          else resolve({ kind: 'noticed', by: stdout.trim() || stderr.trim() || error.message });
        },
      );
    });
  }
}
