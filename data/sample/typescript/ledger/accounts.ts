export interface Booking {
  id: number;
  date: Date;
  debit: string;
  credit: string;
  cents: number;
  text: string;
}

export type AccountKind = 'asset' | 'liability' | 'income' | 'expense';

export interface Account {
  name: string;
  kind: AccountKind;
  isClosed?: boolean;
}

export class BookingError extends Error {
  constructor(
    message: string,
    public readonly account: string,
  ) {
    super(message);
    this.name = 'BookingError';
  }
}

/** Double-entry book: what leaves one account enters another. */
export class Book {
  private accounts: Map<string, Account> = new Map();
  private bookings: Booking[] = [];
  private nextId: number = 1;

  open(name: string, kind: AccountKind): Account {
    if (this.accounts.has(name)) {
      throw new BookingError('account exists', name);
    }
    const account: Account = { name, kind };
    this.accounts.set(name, account);
    return account;
  }

  close(name: string): void {
    const account: Account = this.find(name);
    if (this.balance(name) !== 0) {
      throw new BookingError('balance is not zero', name);
    }
    account.isClosed = true;
  }

  find(name: string): Account {
    const account: Account | undefined = this.accounts.get(name);
    if (account === undefined) {
      throw new BookingError('no such account', name);
    }
    return account;
  }

  post(date: Date, debit: string, credit: string, cents: number, text: string = ''): Booking {
    for (const name of [debit, credit]) {
      if (this.find(name).isClosed) {
        throw new BookingError('account is closed', name);
      }
    }
    const booking: Booking = { id: this.nextId++, date, debit, credit, cents, text };
    this.bookings.push(booking);
    return booking;
  }

  reverse(id: number, date: Date): Booking | null {
    const original: Booking | undefined = this.bookings.find((booking: Booking) => booking.id === id);
    if (original === undefined) {
      return null;
    }
    return this.post(date, original.credit, original.debit, original.cents, `reverses ${id}`);
  }

  balance(name: string, until?: Date): number {
    let total: number = 0;
    for (const booking of this.bookings) {
      if (until !== undefined && booking.date > until) continue;
      if (booking.debit === name) total += booking.cents;
      if (booking.credit === name) total -= booking.cents;
    }
    return total;
  }

  statement(name: string): Array<{ booking: Booking; balance: number }> {
    let balance: number = 0;
    return this.bookings
      .filter((booking: Booking) => booking.debit === name || booking.credit === name)
      .sort((left: Booking, right: Booking) => left.date.getTime() - right.date.getTime())
      .map((booking: Booking) => {
        balance += (booking.debit === name ? booking.cents : 0) - (booking.credit === name ? booking.cents : 0);
        return { booking, balance };
      });
  }

  totals(): Record<AccountKind, number> {
    const totals: Record<AccountKind, number> = { asset: 0, liability: 0, income: 0, expense: 0 };
    this.accounts.forEach((account: Account, name: string) => {
      totals[account.kind] += this.balance(name);
    });
    return totals;
  }

  isBalanced(): boolean {
    const { asset, liability, income, expense } = this.totals();
    return asset + liability + income + expense === 0;
  }
}
