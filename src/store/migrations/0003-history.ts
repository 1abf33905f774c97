/**
 * Configurations that served, when each of them did, and the hold that keeps another from serving. The figures of an
 * activation are counted from the index on records alone.
 */
export const historyOfConfigurations = `
CREATE TABLE version (
  hash TEXT PRIMARY KEY,
  commit_hash TEXT,
  commit_author TEXT,
  commit_subject TEXT,
  committed_at_ms INTEGER,
  kept_at_ms INTEGER NOT NULL,
  files TEXT,
  file_count INTEGER NOT NULL,
  file_bytes INTEGER NOT NULL,
  compiled TEXT,
  program TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE activation (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  hash TEXT NOT NULL,
  cause TEXT NOT NULL,
  by TEXT NOT NULL,
  reason TEXT,
  share_percent REAL NOT NULL,
  began_at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER
) STRICT;
CREATE INDEX activation_version ON activation (hash, began_at_ms);

CREATE TABLE hold (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  hash TEXT NOT NULL,
  by TEXT NOT NULL,
  reason TEXT NOT NULL,
  since_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX cdr_snapshot
  ON cdr (snapshot_hash, started_at_ms, answered_at_ms, post_dial_delay_ms, talk_seconds, mapping_gateway)
  WHERE mapping_gateway IS NOT NULL;
`;
