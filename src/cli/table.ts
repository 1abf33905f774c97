/** Text for people: aligned columns, and nothing in it that could steer their terminal. */
import { printable } from '../diagnostics/printable.ts';

export { paint } from '../diagnostics/paint.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'right';
}

/** Columns as wide as their widest cell, two spaces apart; the last one is not padded. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const cells = rows.map(row => row.map(printable));
  const widths = columns.map((column, index) =>
    Math.max(width(column.title), ...cells.map(row => width(row[index] ?? ''))),
  );
  const lines = [columns.map(({ title }) => title), ...cells].map(row =>
    row
      .map((cell, index) => pad(cell, widths[index]!, columns[index]!.align))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

function pad(cell: string, to: number, align: 'right' | undefined): string {
  const blanks = ' '.repeat(Math.max(0, to - width(cell)));
  return align === 'right' ? blanks + cell : cell + blanks;
}

function width(text: string): number {
  return [...text].length;
}

/** `2026-01-31 12:00:00` UTC. */
export function shortTime(iso: string): string {
  return iso.slice(0, 19).replace('T', ' ');
}

/** `1:02:03` or `2:03`. */
export function formatDuration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = String(seconds % 60).padStart(2, '0');
  return hours === 0 ? `${minutes}:${rest}` : `${hours}:${String(minutes).padStart(2, '0')}:${rest}`;
}
