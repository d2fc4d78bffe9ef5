export interface Summary {
  count: number;
  mean: number;
  median: number;
  min: number;
  max: number;
  deviation: number;
}

export interface Line {
  slope: number;
  intercept: number;
}

export function sum(values: number[]): number {
  let total: number = 0;
  for (const value of values) {
    total += value;
  }
  return total;
}

export function mean(values: number[]): number {
  return sum(values) / values.length;
}

export function median(values: number[]): number {
  const sorted: number[] = [...values].sort((a: number, b: number) => a - b);
  const middle: number = sorted.length >> 1;
  const isOdd: boolean = sorted.length % 2 === 1;
  return isOdd ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function variance(values: number[], isSample: boolean = true): number {
  const average: number = mean(values);
  const squares: number[] = values.map((value: number) => (value - average) ** 2);
  return sum(squares) / (isSample ? values.length - 1 : values.length);
}

export function quantile(values: number[], fraction: number): number {
  if (fraction < 0 || fraction > 1) {
    throw new RangeError('fraction must lie between 0 and 1');
  }
  const sorted: number[] = [...values].sort((a: number, b: number) => a - b);
  const position: number = (sorted.length - 1) * fraction;
  const lower: number = Math.floor(position);
  const upper: number = Math.ceil(position);
  return sorted[lower] + (sorted[upper] - sorted[lower]) * (position - lower);
}

export function summarize(values: number[]): Summary | null {
  if (values.length === 0) {
    return null;
  }
  return {
    count: values.length,
    mean: mean(values),
    median: median(values),
    min: Math.min(...values),
    max: Math.max(...values),
    deviation: Math.sqrt(variance(values, false)),
  };
}

export function fitLine(xs: number[], ys: number[]): Line {
  const meanX: number = mean(xs);
  const meanY: number = mean(ys);
  let numerator: number = 0;
  let denominator: number = 0;
  xs.forEach((x: number, index: number): void => {
    numerator += (x - meanX) * (ys[index] - meanY);
    denominator += (x - meanX) ** 2;
  });
  const slope: number = numerator / denominator;
  return { slope, intercept: meanY - slope * meanX };
}

export function histogram(values: number[], count: number): number[] {
  const min: number = Math.min(...values);
  const max: number = Math.max(...values);
  const width: number = (max - min) / count || 1;
  const bins: number[] = new Array<number>(count).fill(0);
  for (const value of values) {
    const index: number = Math.min(count - 1, Math.floor((value - min) / width));
    bins[index]++;
  }
  return bins;
}

export function movingAverage(values: number[], size: number): number[] {
  const averages: number[] = [];
  for (let end: number = size; end <= values.length; end++) {
    averages.push(mean(values.slice(end - size, end)));
  }
  return averages;
}

/** Mean and variance of numbers that come one at a time. */
export class RunningStatistics {
  private count: number = 0;
  private average: number = 0;
  private squares: number = 0;

  add(value: number): this {
    this.count++;
    const delta: number = value - this.average;
    this.average += delta / this.count;
    this.squares += delta * (value - this.average);
    return this;
  }

  addAll(values: Iterable<number>): void {
    for (const value of values) {
      this.add(value);
    }
  }

  get mean(): number {
    return this.average;
  }

  get variance(): number {
    return this.count < 2 ? 0 : this.squares / (this.count - 1);
  }

  toString(): string {
    return `${this.average.toFixed(2)} ± ${Math.sqrt(this.variance).toFixed(2)}`;
  }
}
