import { createElement, delegate, removeChildren } from './dom';

export interface TableColumn {
  name: string;
  title: string;
  isSortable?: boolean;
  compare?: (left: string, right: string) => number;
}

export type TableRow = Record<string, string>;

export class Table {
  private readonly columns: TableColumn[];
  private readonly head: HTMLElement = createElement('thead');
  private readonly body: HTMLElement = createElement('tbody');
  private readonly removeListener: () => void;
  private rows: TableRow[] = [];
  private sortName: string | null = null;
  private isDescending: boolean = false;
  private query: string = '';
  page: number = 1;
  pageSize: number = 20;

  constructor(container: HTMLElement, columns: TableColumn[]) {
    this.columns = columns;
    this.removeListener = delegate(this.head, 'click', 'th[data-name]', (_event: Event, element: HTMLElement): void => {
      this.sortBy(element.dataset.name ?? '');
    });
    container.append(createElement('table', {}, this.head, this.body));
    this.renderHead();
  }

  setRows(rows: TableRow[]): void {
    this.rows = rows.slice();
    this.page = 1;
    this.render();
  }

  search(query: string): number {
    this.query = query.trim().toLowerCase();
    this.page = 1;
    this.render();
    return this.visibleRows.length;
  }

  /** A second call for the same column turns the order around. */
  sortBy(name: string): void {
    const column: TableColumn | undefined = this.columns.find((other: TableColumn) => other.name === name);
    if (column === undefined || column.isSortable === false) return;
    this.isDescending = this.sortName === name && !this.isDescending;
    this.sortName = name;
    const sign: number = this.isDescending ? -1 : 1;
    const compare: (left: string, right: string) => number =
      column.compare ?? ((left: string, right: string) => left.localeCompare(right));
    this.rows.sort((a: TableRow, b: TableRow): number => sign * compare(a[name], b[name]));
    this.render();
  }

  get visibleRows(): TableRow[] {
    if (this.query === '') return this.rows;
    return this.rows.filter((row: TableRow): boolean =>
      this.columns.some((column: TableColumn) => row[column.name].toLowerCase().includes(this.query)),
    );
  }

  get pageCount(): number {
    return Math.max(1, Math.ceil(this.visibleRows.length / this.pageSize));
  }

  showPage(page: number): void {
    this.page = Math.min(this.pageCount, Math.max(1, page));
    this.render();
  }

  destroy(): void {
    this.removeListener();
  }

  private renderHead(): void {
    const cells: HTMLElement[] = this.columns.map(
      (column: TableColumn): HTMLElement => createElement('th', { 'data-name': column.name, scope: 'col' }, column.title),
    );
    this.head.append(createElement('tr', {}, ...cells));
  }

  private renderRow(row: TableRow): HTMLElement {
    const cells: HTMLElement[] = this.columns.map((column: TableColumn) => createElement('td', {}, row[column.name]));
    return createElement('tr', {}, ...cells);
  }

  private render(): void {
    const start: number = (this.page - 1) * this.pageSize;
    const rows: TableRow[] = this.visibleRows.slice(start, start + this.pageSize);
    removeChildren(this.body);
    this.body.append(...rows.map((row: TableRow) => this.renderRow(row)));
  }
}

export function pageNumbers(current: number, count: number, radius: number = 1): Array<number | null> {
  const pages: Array<number | null> = [];
  let last: number = 0;
  for (let page: number = 1; page <= count; page++) {
    const isNear: boolean = Math.abs(page - current) <= radius;
    if (page === 1 || page === count || isNear) {
      if (page - last > 1) pages.push(null);
      pages.push(page);
      last = page;
    }
  }
  return pages;
}
