const DAY_MS: number = 24 * 60 * 60 * 1000;
const MONTHS: string[] = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export interface Period {
  start: Date;
  end: Date;
}

export function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

export function addDays(date: Date, count: number): Date {
  return new Date(date.getTime() + count * DAY_MS);
}

export function addMonths(date: Date, count: number): Date {
  const months: number = date.getUTCFullYear() * 12 + date.getUTCMonth() + count;
  const year: number = Math.floor(months / 12);
  const month: number = months - year * 12;
  const day: number = Math.min(date.getUTCDate(), daysInMonth(year, month + 1));
  return new Date(Date.UTC(year, month, day));
}

/** Whole days between two dates. */
export function daysBetween(start: Date, end: Date): number {
  return Math.round((end.getTime() - start.getTime()) / DAY_MS);
}

export function parseDate(text: string): Date | null {
  const match: RegExpExecArray | null = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null) {
    return null;
  }
  const [year, month, day]: number[] = match.slice(1).map(Number);
  const date: Date = new Date(Date.UTC(year, month - 1, day));
  const isValid: boolean = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isValid ? date : null;
}

export function formatDate(date: Date, pattern: string = 'D MMM YYYY'): string {
  const fields: Record<string, string> = {
    YYYY: String(date.getUTCFullYear()),
    MMM: MONTHS[date.getUTCMonth()],
    MM: String(date.getUTCMonth() + 1).padStart(2, '0'),
    DD: String(date.getUTCDate()).padStart(2, '0'),
    D: String(date.getUTCDate()),
  };
  return pattern.replace(/YYYY|MMM|MM|DD|D/g, (field: string) => fields[field]);
}

export function isWeekend(date: Date): boolean {
  const weekday: number = date.getUTCDay();
  return weekday === 0 || weekday === 6;
}

export function nextWorkday(date: Date, holidays: Set<string> = new Set()): Date {
  let next: Date = addDays(date, 1);
  while (isWeekend(next) || holidays.has(formatDate(next, 'YYYY-MM-DD'))) {
    next = addDays(next, 1);
  }
  return next;
}

export function monthPeriod(year: number, month: number): Period {
  const start: Date = new Date(Date.UTC(year, month - 1, 1));
  return { start, end: addMonths(start, 1) };
}

export function contains(period: Period, date: Date): boolean {
  return date >= period.start && date < period.end;
}

export function overlaps(first: Period, second: Period): boolean {
  return first.start < second.end && second.start < first.end;
}

export function splitByMonth(period: Period): Period[] {
  const periods: Period[] = [];
  let start: Date = period.start;
  while (start < period.end) {
    const { end }: Period = monthPeriod(start.getUTCFullYear(), start.getUTCMonth() + 1);
    periods.push({ start, end: end < period.end ? end : period.end });
    start = end;
  }
  return periods;
}
