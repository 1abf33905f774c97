/**
 * The history of a running switch: rows in its database, blobs beside it, and threads that write and read these. Rows
 * lead to blobs that are whole and durable, always; a blob that no row leads to is swept away.
 */
import type { HistorySettings, Snapshot } from '../config/snapshot.ts';
import type { Logger } from '../diagnostics/logger.ts';
import { indispensable, whatToDrop } from './bounds.ts';
import type { Activation, History, Hold, NewActivation, Version, VersionCommit } from './history.ts';
import { HistoryError } from './history-error.ts';
import { HistoryThread } from './history-thread.ts';
import type { KeptBlobs } from './version-keeper.ts';
import { findVersion } from './version-names.ts';
import type { Dropped, VersionRow, VersionTable } from './version-table.ts';

/** Whoever loaded the versions and so can write them without holding up anybody. */
export interface Keeping {
  /** Writes the blobs below `directory`; durable when it resolves. */
  keep(
    snapshot: Snapshot,
    directory: string,
  ): Promise<{ readonly blobs: KeptBlobs; readonly commit: VersionCommit | null }>;
}

export interface SwitchHistoryOptions {
  readonly table: VersionTable;
  /** Where the blobs are: see `historyDirectory`. */
  readonly directory: string;
  readonly keeping: Keeping;
  readonly log: Logger;
  /** ms since 1970 UTC */
  readonly clock: () => number;
}

/** Beside the database that has the rows, and of no other one. */
export function historyDirectory(storePath: string): string {
  return `${storePath}-history`;
}

export class SwitchHistory implements History {
  readonly #options: SwitchHistoryOptions;
  readonly #thread: HistoryThread;
  /** Writing blobs and sweeping them away must not meet. */
  #turn: Promise<unknown> = Promise.resolve();
  /** Activations of this process that have not ended: none of another one still serves. */
  #open: readonly Activation[] = [];
  readonly #inUse = new Map<string, number>();
  /** Of the last version that was kept. */
  #lastKept: string | null = null;
  #settings: HistorySettings | null = null;
  #program: Promise<string> | null = null;
  #saidTooLarge = false;

  constructor(options: SwitchHistoryOptions) {
    this.#options = options;
    this.#thread = new HistoryThread(options.directory);
  }

  async keep(snapshot: Snapshot, commit: VersionCommit | null = null): Promise<Omit<Version, 'files'>> {
    this.#settings = snapshot.switch.history;
    this.#lastKept = snapshot.hash;
    const row = await this.#inTurn(() => this.#keepRow(snapshot, commit));
    // Whoever waits for the version does not wait for what becomes of old ones.
    void this.#inTurn(() => this.#prune(false)).catch((error: unknown) => this.#sayUnswept(error));
    return factsOf(row);
  }

  activate(activation: NewActivation): Promise<Activation> {
    const isWhole = activation.sharePercent >= 100;
    const ending = this.#open.filter(({ sharePercent }) => isWhole || sharePercent < 100);
    const activated = this.#options.table.activate(
      activation,
      ending.map(({ id }) => id),
    );
    return activated.then(begun => {
      this.#open = [...this.#open.filter(open => !ending.includes(open)), begun];
      return begun;
    });
  }

  hold(): Promise<Hold | null> {
    return this.#options.table.hold();
  }

  async restore(hash: string): Promise<Snapshot> {
    const { table, log } = this.#options;
    return this.#whileInUse(hash, async () => {
      const row = await table.version(hash);
      if (row === null) throw new HistoryError(`the history has no version ${hash.slice(0, 12)}`);
      const twin = await this.#compiledTwin(row);
      if (twin !== null) return twin;
      const { snapshot, compiledBecause } = await this.#thread.ask<'restore'>({
        kind: 'restore',
        version: row,
      });
      if (compiledBecause !== null) {
        log.warn('A version of the history was compiled from its files', {
          hash,
          because: compiledBecause,
          ...(snapshot.hash === hash ? {} : { newHash: snapshot.hash }),
        });
        void this.#inTurn(() => this.#keepForm(row, snapshot.hash)).catch((error: unknown) =>
          this.#sayUnswept(error),
        );
      }
      return snapshot;
    });
  }

  activations(limit: number): Promise<readonly Activation[]> {
    return this.#options.table.activations(limit);
  }

  async find(name: string): Promise<Version | null> {
    const found = await findVersion(this.#options.table, name);
    return found === null ? null : this.#versionOf(found.row);
  }

  async hashOf(name: string): Promise<string | null> {
    const found = await findVersion(this.#options.table, name);
    return found?.row.hash ?? null;
  }

  async file(hash: string, path: string): Promise<Uint8Array> {
    const row = await this.#options.table.version(hash);
    const short = hash.slice(0, 12);
    if (row === null) throw new HistoryError(`the history has no version ${short}`);
    if (row.files === null) throw new HistoryError(`the files of the version ${short} were not kept`);
    const bytes = await this.#thread.ask<'file'>({ kind: 'file', list: row.files, path });
    if (bytes === null) throw new HistoryError(`the version ${short} has no file ${path}`);
    return bytes;
  }

  /** Removes what a process that was killed left, and what the bounds say. It need not be waited for. */
  async sweep(settings: HistorySettings): Promise<void> {
    this.#settings ??= settings;
    await this.#inTurn(() => this.#prune(true)).catch((error: unknown) => this.#sayUnswept(error));
  }

  /** What serves ends now. */
  async close(): Promise<void> {
    const { table, clock } = this.#options;
    await this.#turn.catch(() => undefined);
    await this.#thread.close();
    try {
      await table.end(
        this.#open.map(({ id }) => id),
        clock(),
      );
    } finally {
      await table.close();
    }
  }

  async #keepRow(snapshot: Snapshot, commit: VersionCommit | null): Promise<VersionRow> {
    const { table, keeping, directory, clock } = this.#options;
    const known = await table.version(snapshot.hash);
    // Files that were committed after they were read for the first time: their commit has to be asked for.
    const hasUnknownCommit = known?.commit === null && snapshot.commit !== null && commit === null;
    if (
      known !== null &&
      known.files !== null &&
      !hasUnknownCommit &&
      known.program === (await this.#programIdentity())
    ) {
      return this.#learnCommit(known, commit);
    }
    const { blobs, commit: itsCommit } = await keeping.keep(snapshot, directory);
    const { compiled, program } = blobs;
    // Files that are there are the same version, whatever became of them in the directory.
    const { files, fileCount, fileBytes } = blobs.files === null && known !== null ? known : blobs;
    await table.putVersion({
      ...{ hash: snapshot.hash, compiled, program, files, fileCount, fileBytes },
      commit: commit ?? itsCommit ?? known?.commit ?? null,
      keptAtMs: known?.keptAtMs ?? clock(),
    });
    return this.#row(snapshot.hash);
  }

  /** Files that were committed after they were edited are the same version, and now one knows whose. */
  async #learnCommit(known: VersionRow, commit: VersionCommit | null): Promise<VersionRow> {
    if (commit === null || known.commit !== null) return known;
    await this.#options.table.putVersion({ ...known, commit });
    return { ...known, commit };
  }

  async #keepForm(row: VersionRow, hash: string): Promise<void> {
    const { table, clock } = this.#options;
    const form = await this.#thread.ask<'keepForm'>({ kind: 'keepForm', hash });
    if (form === null) return;
    const known = hash === row.hash ? row : await table.version(hash);
    await table.putVersion({ ...row, hash, keptAtMs: known?.keptAtMs ?? clock(), ...form });
  }

  async #prune(isStart: boolean): Promise<void> {
    const { table } = this.#options;
    if (this.#settings === null) return;
    const dropped = await this.#dropped(this.#settings);
    if (dropped.versions.length + dropped.compiled.length > 0) await table.drop(dropped);
    else if (!isStart) return;
    const left = await table.versions();
    const roots = left.flatMap(({ files, compiled }) => [files, compiled]).filter(root => root !== null);
    await this.#thread.ask<'sweep'>({ kind: 'sweep', roots });
  }

  async #dropped(settings: HistorySettings): Promise<Dropped> {
    const { table, clock } = this.#options;
    const versions = await table.versions();
    const inUse = new Set([...this.#inUse.keys(), ...(await table.versionsOfCalls())]);
    if (this.#lastKept !== null) inUse.add(this.#lastKept);
    const around = { roles: await table.roles(), hold: await table.hold(), inUse };
    const program = await this.#programIdentity();
    const counted = whatToDrop({ ...around, versions, program, nowMs: clock() }, settings);
    const mustStay = indispensable(around);
    const left = versions.filter(({ hash }) => !counted.versions.includes(hash));
    const sized = left.map(({ hash, files, compiled }) => ({
      ...{ hash, files, mustStay: mustStay.has(hash) },
      compiled: counted.compiled.includes(hash) ? null : compiled,
    }));
    const bytesMax = settings.megabytes * 1e6;
    const surplus = await this.#thread.ask<'surplus'>({ kind: 'surplus', versions: sized, bytesMax });
    this.#sayTooLarge(surplus.bytes, bytesMax);
    return {
      ...counted,
      versions: [...counted.versions, ...surplus.versions],
      compiled: [...counted.compiled, ...surplus.compiled],
    };
  }

  /** Once, and again when it was well in between. */
  #sayTooLarge(bytes: number, bytesMax: number): void {
    const isTooLarge = bytes > bytesMax;
    if (isTooLarge && !this.#saidTooLarge) {
      this.#options.log.warn(
        'The history takes more of the disk than `history.megabytes` says; what is left must stay',
        {
          megabytes: Math.ceil(bytes / 1e6),
          bound: bytesMax / 1e6,
        },
      );
    }
    this.#saidTooLarge = isTooLarge;
  }

  /** What this program compiled from the same files before, when another one made the form of the version itself. */
  async #compiledTwin({ hash, files, program }: VersionRow): Promise<Snapshot | null> {
    const own = await this.#programIdentity();
    if (files === null || program === own) return null;
    const twin = (await this.#options.table.versions()).find(
      row => row.hash !== hash && row.files === files && row.program === own && row.compiled !== null,
    );
    if (twin === undefined) return null;
    return this.#whileInUse(twin.hash, async () => {
      const version = { ...twin, files: null };
      const restored = await this.#thread.ask<'restore'>({ kind: 'restore', version }).catch(() => null);
      return restored?.snapshot ?? null;
    });
  }

  async #whileInUse<Result>(hash: string, work: () => Promise<Result>): Promise<Result> {
    this.#inUse.set(hash, (this.#inUse.get(hash) ?? 0) + 1);
    try {
      return await work();
    } finally {
      const users = this.#inUse.get(hash)! - 1;
      if (users === 0) this.#inUse.delete(hash);
      else this.#inUse.set(hash, users);
    }
  }

  /** Looking at all of the program takes a moment, and is left to the thread. */
  #programIdentity(): Promise<string> {
    this.#program ??= this.#thread.ask<'program'>({ kind: 'program' });
    return this.#program;
  }

  async #row(hash: string): Promise<VersionRow> {
    const row = await this.#options.table.version(hash);
    if (row === null) throw new Error(`the row of ${hash} is gone`);
    return row;
  }

  async #versionOf(row: VersionRow): Promise<Version> {
    const { files } = row;
    const listed = files === null ? null : await this.#thread.ask<'files'>({ kind: 'files', list: files });
    return { ...factsOf(row), files: listed };
  }

  #sayUnswept(error: unknown): void {
    this.#options.log.warn('The history could not be tidied; it is tried again with the next version', {
      error: error instanceof Error ? error.message : String(error),
    });
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }
}

function factsOf({ hash, commit, firstBeganAtMs, keptAtMs }: VersionRow): Omit<Version, 'files'> {
  return { hash, commit, firstServedAtMs: firstBeganAtMs ?? keptAtMs };
}
