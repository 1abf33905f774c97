CREATE TABLE cdr (
  id INTEGER PRIMARY KEY,
  call_id TEXT NOT NULL UNIQUE,
  snapshot_hash TEXT NOT NULL,
  snapshot_commit TEXT,
  mapping_gateway TEXT,
  customer_account TEXT,
  routing_gateway TEXT,
  vendor_account TEXT,
  source_address TEXT NOT NULL,
  caller TEXT NOT NULL,
  callee TEXT NOT NULL,
  sip_call_id TEXT NOT NULL,
  started_at_ms INTEGER NOT NULL,
  post_dial_delay_ms INTEGER,
  answered_at_ms INTEGER,
  ended_at_ms INTEGER NOT NULL,
  talk_seconds INTEGER NOT NULL,
  ended_by TEXT NOT NULL,
  end_reason TEXT NOT NULL,
  status INTEGER NOT NULL,
  attempts TEXT NOT NULL,
  customer_charge TEXT,
  vendor_charge TEXT,
  customer_amount INTEGER NOT NULL,
  vendor_amount INTEGER NOT NULL,
  profit INTEGER NOT NULL
, forwarding TEXT, billing_caller TEXT, billing_callee TEXT, sent_caller TEXT, sent_callee TEXT) STRICT;

CREATE INDEX cdr_started ON cdr (started_at_ms);

CREATE INDEX cdr_customer ON cdr (customer_account, started_at_ms);

CREATE INDEX cdr_vendor ON cdr (vendor_account, started_at_ms);

CREATE TABLE ledger (
  id INTEGER PRIMARY KEY,
  account TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('call', 'payment', 'correction')),
  amount INTEGER NOT NULL,
  call_id TEXT,
  note TEXT NOT NULL
) STRICT;

CREATE UNIQUE INDEX ledger_call ON ledger (call_id, account) WHERE call_id IS NOT NULL;

CREATE INDEX ledger_account ON ledger (account);

CREATE TRIGGER ledger_keeps_entries BEFORE DELETE ON ledger BEGIN
  SELECT RAISE(ABORT, 'the ledger is append-only: an entry cannot be deleted');
END;

CREATE TRIGGER ledger_keeps_amounts BEFORE UPDATE ON ledger BEGIN
  SELECT RAISE(ABORT, 'the ledger is append-only: an entry cannot be changed');
END;

CREATE TABLE balance (
  account TEXT PRIMARY KEY,
  amount INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER ledger_moves_balance AFTER INSERT ON ledger BEGIN
  INSERT INTO balance (account, amount) VALUES (NEW.account, NEW.amount)
  ON CONFLICT (account) DO UPDATE SET amount = amount + excluded.amount;
END;

CREATE TABLE journal (
  call_id TEXT PRIMARY KEY,
  call TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE liveness (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  alive_at_ms INTEGER NOT NULL
) STRICT;

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
, served_hash TEXT, records_hash TEXT GENERATED ALWAYS AS (coalesce(served_hash, hash)) VIRTUAL) STRICT;

CREATE TABLE sqlite_sequence(name,seq);

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

CREATE INDEX activation_records ON activation (records_hash, began_at_ms);
