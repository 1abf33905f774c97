/** What has probably happened to a row of a deck that cannot be used. */
import type { CsvScanner } from '../read/csv-scanner.ts';

const delimiters = [',', ';', '|', '\t'];
const delimiterNames: Readonly<Record<string, string>> = {
  '\t': 'tabs',
  ',': 'commas',
  ';': 'semicolons',
  '|': 'bars',
};

/** For a row with another number of fields than the header, or with quotes that do not match. */
export function malformedHint(scanner: CsvScanner, wanted: number, delimiter: string): string | undefined {
  const { fieldCount, problem } = scanner;
  if (problem === 'unclosed')
    return 'Write the quote that ends the field; a quote within a field is doubled: "".';
  if (problem === 'trailing') return 'A quote within a field is doubled: "".';
  const first = scanner.field(0);
  if (fieldCount === 1 && first === '') return 'Remove the line: there are only blanks in it.';
  if (fieldCount === 1 && wanted > 1) {
    const other = otherDelimiter(first, delimiter);
    if (other !== null)
      return `This row is divided by ${delimiterNames[other]}, and the others by ${delimiterNames[delimiter]}.`;
  }
  if (fieldCount === wanted + 1) {
    return scanner.field(fieldCount - 1) === ''
      ? 'Remove the delimiter at the end of the row.'
      : 'Put a field with a delimiter in it into quotes; a decimal comma becomes a point.';
  }
  return undefined;
}

/** For a row whose prefix is none: an empty row as spreadsheets leave them, or the header once more. */
export function rowHint(scanner: CsvScanner, prefix: string, header: string | undefined): string | undefined {
  if (prefix === header) return 'Remove the line: it is the header once more.';
  if (prefix !== '') return undefined;
  for (let i = 0; i < scanner.fieldCount; i++) if (scanner.field(i) !== '') return undefined;
  return 'Remove the line: all its fields are empty.';
}

/** For a header in which a column is missing. */
export function headerHint(header: readonly string[], delimiter: string): string | undefined {
  const [only = ''] = header;
  if (/^sep=/i.test(only))
    return 'Remove the line "sep=", which is for a spreadsheet; the rate table says the delimiter.';
  const other = header.length === 1 ? otherDelimiter(only, delimiter) : null;
  if (other === null) return undefined;
  return `The header is divided by ${delimiterNames[other]}: write delimiter: "${other === '\t' ? '\\t' : other}" in the rate table.`;
}

function otherDelimiter(text: string, delimiter: string): string | null {
  return delimiters.find(other => other !== delimiter && text.includes(other)) ?? null;
}
