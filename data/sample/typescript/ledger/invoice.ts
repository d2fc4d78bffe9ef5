import { Currency, Money, sumMoney } from './money';

export type Status = 'draft' | 'sent' | 'paid' | 'cancelled';

export interface Customer {
  id: number;
  name: string;
  email: string;
  address: string[];
  isBusiness: boolean;
}

export interface LineItem {
  description: string;
  quantity: number;
  price: Money;
  taxRate: number;
}

export class Invoice {
  readonly created: Date;
  readonly items: LineItem[] = [];
  status: Status = 'draft';
  paidOn: Date | null = null;
  private notes: string[] = [];

  constructor(
    readonly id: string,
    readonly customer: Customer,
    readonly currency: Currency,
    created: Date,
  ) {
    this.created = created;
  }

  addItem(description: string, quantity: number, price: Money, taxRate: number = 0): LineItem {
    if (this.status !== 'draft') {
      throw new Error(`invoice ${this.id} was already sent`);
    }
    const item: LineItem = { description, quantity, price, taxRate };
    this.items.push(item);
    return item;
  }

  removeItem(index: number): void {
    this.items.splice(index, 1);
  }

  addNote(text: string): void {
    this.notes.push(text.trim());
  }

  get net(): Money {
    return sumMoney(this.items.map((item: LineItem) => item.price.multiply(item.quantity)), this.currency);
  }

  get tax(): Money {
    return sumMoney(this.items.map((item: LineItem) => itemTax(item)), this.currency);
  }

  get total(): Money {
    return this.net.add(this.tax);
  }

  dueDate(days: number = 30): Date {
    const date: Date = new Date(this.created.getTime());
    date.setUTCDate(date.getUTCDate() + days);
    return date;
  }

  isOverdue(today: Date): boolean {
    return this.status === 'sent' && today.getTime() > this.dueDate().getTime();
  }

  send(): void {
    if (this.items.length === 0) {
      throw new Error('nothing to pay');
    }
    this.status = 'sent';
  }

  markPaid(date: Date): void {
    this.status = 'paid';
    this.paidOn = date;
  }

  toText(width: number = 60): string {
    const lines: string[] = [`Invoice ${this.id}`, this.customer.name, ...this.customer.address, ''];
    for (const item of this.items) {
      const left: string = `${item.quantity} × ${item.description}`;
      const right: string = item.price.multiply(item.quantity).format();
      lines.push(left + right.padStart(Math.max(right.length + 1, width - left.length)));
    }
    lines.push('', this.total.format().padStart(width), ...this.notes);
    return lines.join('\n');
  }
}

function itemTax(item: LineItem): Money {
  return item.price.multiply(item.quantity).multiply(item.taxRate);
}

export function nextNumber(previous: string | null, date: Date): string {
  const year: number = date.getUTCFullYear();
  const match: RegExpMatchArray | null = previous === null ? null : previous.match(/^(\d{4})-(\d+)$/);
  const isSameYear: boolean = match !== null && Number(match[1]) === year;
  const count: number = isSameYear ? Number(match![2]) + 1 : 1;
  return `${year}-${String(count).padStart(4, '0')}`;
}

export function openInvoices(invoices: Invoice[], customer?: Customer): Invoice[] {
  return invoices.filter((invoice: Invoice): boolean => {
    const isOpen: boolean = invoice.status === 'sent';
    return isOpen && (customer === undefined || invoice.customer.id === customer.id);
  });
}
