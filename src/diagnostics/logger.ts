/**
 * The shape of the log, so that every room can speak without knowing where its lines go. Messages are fixed
 * sentences; what varies stands in the fields, which never hold a secret.
 */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>;

export interface Logger {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

export const silentLogger: Logger = { info() {}, warn() {}, error() {} };
