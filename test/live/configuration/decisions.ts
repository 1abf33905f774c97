/** A switch reduced to what decides which configuration serves, on a disk and on files that outlive it. */
import type { Snapshot } from '../../../src/config/snapshot.ts';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.ts';
import { Reloader } from '../../../src/live/configuration/reloader.ts';
import { ServingVersion } from '../../../src/live/configuration/serving-version.ts';
import type { ConfigurationSource, Reading } from '../../../src/live/configuration/source.ts';
import { restoreHeldVersion } from '../../../src/live/configuration/start-version.ts';
import { FakeDisk, FakeHistory, FakeLog, FakeTime } from '../fakes.ts';

export function snapshot(hash: string, listenPort = 5060, storePath = 'var/class4.db'): Snapshot {
  const listen = [{ transport: 'udp', address: '127.66.0.1', port: listenPort }];
  const settings = { sip: { listen, server: { kind: 'embedded' } }, store: { path: storePath } };
  return { hash, commit: null, switch: settings } as unknown as Snapshot;
}

export function brokenFinding(line: number): Diagnostic {
  const place = { file: 'accounts/northwind.yaml', line, column: 3 };
  return { code: 'C4101', severity: 'error', place, message: 'unknown key "rateTabel"' };
}

/** Files that say what a test wants; they outlive the switch. */
export class FakeFiles {
  content: Snapshot | 'broken' = snapshot('one');

  reading(): Reading {
    if (this.content === 'broken') {
      return { outcome: 'refused', diagnostics: [brokenFinding(7)], failure: null };
    }
    return {
      outcome: 'good',
      candidate: { snapshot: this.content, diagnostics: [], cause: 'edit', by: 'class4' },
    };
  }
}

class FakeSource implements ConfigurationSource {
  changes = 0;
  listener = (): void => {};
  /** Awaited in the middle of each reading. */
  meanwhile = (): void | Promise<void> => {};
  readonly #files: FakeFiles;

  constructor(files: FakeFiles) {
    this.#files = files;
  }

  onChange(listener: () => void): void {
    this.listener = listener;
  }

  notice(): void {
    this.changes += 1;
    this.listener();
  }

  async rest(): Promise<void> {}

  async read(): Promise<Reading> {
    const reading = this.#files.reading();
    await this.meanwhile();
    return reading;
  }

  async close(): Promise<void> {}
}

export interface RunningSwitch {
  readonly source: FakeSource;
  readonly history: FakeHistory;
  readonly serving: ServingVersion;
  readonly reloader: Reloader;
  /** Hashes in the order in which they were put into service; the first is what it was started with. */
  readonly served: string[];
  /** What a killed process does no more. */
  dead: boolean;
}

export class Machine {
  readonly disk = new FakeDisk();
  readonly files = new FakeFiles();
  readonly time = new FakeTime();
  readonly log = new FakeLog();
  prepare = async (_snapshot: Snapshot): Promise<void> => {};
  /** What is in memory still, by its hash. */
  readonly recent = new Map<string, Snapshot>();

  /** @throws StartError */
  async start(onApply = (_snapshot: Snapshot): void => {}): Promise<RunningSwitch> {
    const { files, log, time } = this;
    const history = new FakeHistory(this.disk);
    const held = await restoreHeldVersion(history, log);
    if (held === null && files.content === 'broken') throw new Error('the configuration has errors');
    const { snapshot: initial, hold } = held ?? { snapshot: files.content as Snapshot, hold: null };
    const around = { log, clock: time.clock, timers: time };
    const served = [initial.hash];
    const source = new FakeSource(files);
    const serving = new ServingVersion({
      ...{ history, initial, hold, ...around },
      recall: hash => this.recent.get(hash) ?? null,
      prepare: next => this.prepare(next),
      apply(next) {
        onApply(next);
        served.push(next.hash);
      },
    });
    const sourceHash = hold === null ? initial.hash : null;
    const reloader = new Reloader({ source, serving, sourceHash, ...around });
    serving.begin();
    await time.pass(0);
    return { source, history, serving, reloader, served, dead: false };
  }

  /** Saves files and has the switch read them. */
  async edit(running: RunningSwitch, content: FakeFiles['content']): Promise<string> {
    this.files.content = content;
    return (await running.reloader.reloadNow()).outcome;
  }
}

export const anna = { by: 'anna@noc-1', reason: 'UK mobile fails' };
export const ben = { by: 'ben@noc-2', reason: 'the prices are wrong' };
