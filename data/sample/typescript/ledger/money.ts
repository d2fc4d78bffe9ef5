export type Currency = 'CHF' | 'EUR' | 'USD' | 'JPY';

const DECIMALS: Record<Currency, number> = { CHF: 2, EUR: 2, USD: 2, JPY: 0 };

/** An amount in the smallest unit of its currency. */
export class Money {
  readonly cents: number;
  readonly currency: Currency;

  constructor(cents: number, currency: Currency) {
    if (!Number.isInteger(cents)) {
      throw new TypeError('cents must be an integer');
    }
    this.cents = cents;
    this.currency = currency;
  }

  static zero(currency: Currency): Money {
    return new Money(0, currency);
  }

  static parse(text: string, currency: Currency): Money {
    const pattern: RegExp = /^(-?)(\d[\d']*)(?:\.(\d+))?$/;
    const match: RegExpExecArray | null = pattern.exec(text.trim());
    if (match === null) {
      throw new Error(`not an amount: ${text}`);
    }
    const amount: number = Number(`${match[2].replace(/'/g, '')}.${match[3] ?? '0'}`);
    const cents: number = Math.round(amount * 10 ** DECIMALS[currency]);
    return new Money(match[1] === '-' ? -cents : cents, currency);
  }

  add(other: Money): Money {
    this.checkCurrency(other);
    return new Money(this.cents + other.cents, this.currency);
  }

  subtract(other: Money): Money {
    return this.add(other.negate());
  }

  negate(): Money {
    return new Money(-this.cents, this.currency);
  }

  multiply(factor: number): Money {
    return new Money(Math.round(this.cents * factor), this.currency);
  }

  /** Split by weights without losing a cent. */
  split(weights: number[]): Money[] {
    const total: number = weights.reduce((sum: number, weight: number) => sum + weight, 0);
    let rest: number = this.cents;
    let restWeight: number = total;
    return weights.map((weight: number): Money => {
      const share: number = restWeight === 0 ? 0 : Math.round((rest * weight) / restWeight);
      rest -= share;
      restWeight -= weight;
      return new Money(share, this.currency);
    });
  }

  isNegative(): boolean {
    return this.cents < 0;
  }

  equals(other: Money): boolean {
    return this.cents === other.cents && this.currency === other.currency;
  }

  compare(other: Money): number {
    this.checkCurrency(other);
    return this.cents - other.cents;
  }

  format(separator: string = "'"): string {
    const decimals: number = DECIMALS[this.currency];
    const digits: string = Math.abs(this.cents).toString().padStart(decimals + 1, '0');
    const whole: string = digits.slice(0, digits.length - decimals).replace(/\B(?=(\d{3})+$)/g, separator);
    const fraction: string = decimals > 0 ? '.' + digits.slice(-decimals) : '';
    const sign: string = this.isNegative() ? '-' : '';
    return `${this.currency} ${sign}${whole}${fraction}`;
  }

  private checkCurrency(other: Money): void {
    if (other.currency !== this.currency) {
      throw new Error(`${other.currency} is not ${this.currency}`);
    }
  }
}

export function sumMoney(amounts: Money[], currency: Currency): Money {
  return amounts.reduce((total: Money, amount: Money) => total.add(amount), Money.zero(currency));
}

export function convert(amount: Money, target: Currency, rates: Map<Currency, number>): Money {
  const from: number | undefined = rates.get(amount.currency);
  const to: number | undefined = rates.get(target);
  if (from === undefined || to === undefined) {
    throw new Error(`no rate for ${amount.currency} to ${target}`);
  }
  const scale: number = 10 ** (DECIMALS[target] - DECIMALS[amount.currency]);
  return new Money(Math.round((amount.cents * from * scale) / to), target);
}
