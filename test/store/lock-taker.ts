/** Writes nothing, but has to have the lock of those who write: ends with 1 when it does not get it. */
import { Database } from '../../src/store/database.ts';

const patienceMs = 2000;

const database = await Database.open(process.argv[2]!, 'existing');
database.busyTimeout(patienceMs);
await database.execute('BEGIN IMMEDIATE; COMMIT;');
await database.close();
