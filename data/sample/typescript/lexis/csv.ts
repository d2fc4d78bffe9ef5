export type CsvRecord = Record<string, string>;

export interface CsvOptions {
  separator?: string;
  hasHeader?: boolean;
}

export function parseCsv(text: string, separator: string = ','): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field: string = '';
  let isQuoted: boolean = false;

  const endRow = (): void => {
    row.push(field);
    rows.push(row);
    row = [];
    field = '';
  };

  for (let index: number = 0; index < text.length; index++) {
    const character: string = text[index];
    if (isQuoted) {
      const isDoubled: boolean = character === '"' && text[index + 1] === '"';
      if (isDoubled) index++;
      if (character === '"' && !isDoubled) isQuoted = false;
      else field += character;
    } else if (character === '"' && field === '') {
      isQuoted = true;
    } else if (character === separator) {
      row.push(field);
      field = '';
    } else if (character === '\n') {
      endRow();
    } else if (character !== '\r') {
      field += character;
    }
  }
  if (field !== '' || row.length > 0) endRow();
  return rows;
}

export function parseRecords(text: string, options: CsvOptions = {}): CsvRecord[] {
  const rows: string[][] = parseCsv(text, options.separator ?? guessSeparator(text));
  const hasHeader: boolean = options.hasHeader ?? true;
  const header: string[] = hasHeader ? rows.shift() ?? [] : (rows[0] ?? []).map((_cell: string, index: number) => `column${index + 1}`);
  return rows.map((row: string[]): CsvRecord => {
    const record: CsvRecord = {};
    header.forEach((name: string, index: number): void => {
      record[name] = row[index] ?? '';
    });
    return record;
  });
}

export function guessSeparator(text: string): string {
  const line: string = text.split('\n', 1)[0];
  let best: string = ',';
  let bestCount: number = 0;
  for (const candidate of [',', ';', '\t', '|']) {
    const count: number = line.split(candidate).length - 1;
    if (count > bestCount) {
      best = candidate;
      bestCount = count;
    }
  }
  return best;
}

export function quoteField(value: string, separator: string): string {
  const needsQuotes: boolean = value.includes(separator) || /["\r\n]/.test(value);
  return needsQuotes ? `"${value.replace(/"/g, '""')}"` : value;
}

export function formatCsv(records: CsvRecord[], separator: string = ','): string {
  const names: string[] = [...new Set(records.flatMap((record: CsvRecord) => Object.keys(record)))];
  const formatRow = (cells: string[]): string => cells.map((cell: string) => quoteField(cell, separator)).join(separator);
  const rows: string[] = records.map((record: CsvRecord) => formatRow(names.map((name: string) => record[name] ?? '')));
  return [formatRow(names), ...rows].join('\n');
}

export function toNumber(text: string): number | null {
  const clean: string = text.replace(/[\s']/g, '');
  const value: number = Number(clean);
  return clean === '' || Number.isNaN(value) ? null : value;
}

export function numericColumn(records: CsvRecord[], name: string): number[] {
  const values: number[] = [];
  for (const record of records) {
    const value: number | null = toNumber(record[name] ?? '');
    if (value !== null) values.push(value);
  }
  return values;
}
