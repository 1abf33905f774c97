/**
 * The hash that records of calls carry, where a release compiled a version of the history to another one than that of
 * its name. Questions about records find the activation by it.
 */
export const servedHash = `
ALTER TABLE activation ADD COLUMN served_hash TEXT;
ALTER TABLE activation ADD COLUMN records_hash TEXT GENERATED ALWAYS AS (coalesce(served_hash, hash)) VIRTUAL;
CREATE INDEX activation_records ON activation (records_hash, began_at_ms);
`;
