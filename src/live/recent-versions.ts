/**
 * The last versions that were loaded, for whoever has to go back at once. A version after an edit shares nearly all of
 * its memory with the one before it, so that these cost little; whatever costs more is let go, and comes back from the
 * history.
 */
import type { Snapshot } from '../config/snapshot.ts';

/** How many besides the newest one. */
export const recentVersionsMax = 8;
/** Of all that they have and the newest one has not. */
export const recentBytesMax = 64 * 1024 * 1024;

interface Recent {
  readonly snapshot: Snapshot;
  /** What it has, and the one that came after it has not. */
  readonly ownBytes: number;
}

export class RecentVersions {
  /** Newest first. */
  #versions: readonly Recent[] = [];

  /** `replacedBytes` is what the version that was added before has, and this one has not. */
  add(snapshot: Snapshot, replacedBytes: number): void {
    const versions: Recent[] = [{ snapshot, ownBytes: 0 }];
    let [bytes, carriedBytes] = [0, replacedBytes];
    for (const older of this.#versions) {
      const ownBytes = older.ownBytes + carriedBytes;
      carriedBytes = 0;
      if (older.snapshot.hash === snapshot.hash) {
        // What it shared with older ones is theirs alone now.
        carriedBytes = ownBytes;
        continue;
      }
      bytes += ownBytes;
      if (versions.length > recentVersionsMax || bytes > recentBytesMax) break;
      versions.push({ snapshot: older.snapshot, ownBytes });
    }
    this.#versions = versions;
  }

  /** null when it is none of them. */
  find(hash: string): Snapshot | null {
    return this.#versions.find(({ snapshot }) => snapshot.hash === hash)?.snapshot ?? null;
  }
}
