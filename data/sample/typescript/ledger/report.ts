export type Row = Record<string, string | number | boolean | null>;

export interface Column {
  name: string;
  title?: string;
  width?: number;
  isNumber?: boolean;
  format?: (value: Row[string]) => string;
}

export function formatCell(column: Column, value: Row[string]): string {
  if (value === null) {
    return '';
  }
  return column.format ? column.format(value) : String(value);
}

export function columnWidth(column: Column, rows: Row[]): number {
  const title: string = column.title ?? column.name;
  const lengths: number[] = rows.map((row: Row) => formatCell(column, row[column.name]).length);
  return column.width ?? Math.max(title.length, ...lengths);
}

export function align(text: string, width: number, isRight: boolean = false): string {
  if (text.length > width) {
    return text.slice(0, Math.max(0, width - 1)) + '…';
  }
  return isRight ? text.padStart(width) : text.padEnd(width);
}

/** Lay rows out as a table of text. */
export function renderTable(rows: Row[], columns: Column[]): string {
  const widths: number[] = columns.map((column: Column) => columnWidth(column, rows));
  const renderLine = (cells: string[]): string =>
    cells.map((cell: string, index: number) => align(cell, widths[index], columns[index].isNumber)).join('  ').trimEnd();
  const header: string = renderLine(columns.map((column: Column) => column.title ?? column.name));
  const rule: string = widths.map((width: number) => '-'.repeat(width)).join('  ');
  const body: string[] = rows.map((row: Row) =>
    renderLine(columns.map((column: Column) => formatCell(column, row[column.name]))),
  );
  return [header, rule, ...body].join('\n');
}

export function sumColumn(rows: Row[], name: string): number {
  let total: number = 0;
  for (const row of rows) {
    const value: Row[string] = row[name];
    if (typeof value === 'number') total += value;
  }
  return total;
}

export function pivot(rows: Row[], rowName: string, columnName: string, valueName: string): Map<string, Map<string, number>> {
  const table: Map<string, Map<string, number>> = new Map();
  for (const row of rows) {
    const key: string = String(row[rowName]);
    const column: string = String(row[columnName]);
    const cells: Map<string, number> = table.get(key) ?? new Map();
    cells.set(column, (cells.get(column) ?? 0) + Number(row[valueName]));
    table.set(key, cells);
  }
  return table;
}

export function filterRows(rows: Row[], query: string): Row[] {
  const words: string[] = query.toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row: Row): boolean => {
    const text: string = Object.values(row).join(' ').toLowerCase();
    return words.every((word: string) => text.includes(word));
  });
}

export function toCsv(rows: Row[], columns: Column[], separator: string = ','): string {
  const quote = (text: string): string =>
    text.includes(separator) || /["\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  const lines: string[][] = [columns.map((column: Column) => column.title ?? column.name)];
  for (const row of rows) {
    lines.push(columns.map((column: Column) => formatCell(column, row[column.name])));
  }
  return lines.map((cells: string[]) => cells.map(quote).join(separator)).join('\n');
}

export function formatPercent(value: number, digits: number = 1): string {
  return `${(value * 100).toFixed(digits)} %`;
}

export function formatCount(count: number, singular: string, plural: string = singular + 's'): string {
  return `${count} ${count === 1 ? singular : plural}`;
}
