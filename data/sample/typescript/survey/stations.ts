import { Point, distance } from './geometry';
import { mean } from './statistics';

export interface Reading {
  station: string;
  time: Date;
  value: number;
  isValid: boolean;
}

export interface Station {
  name: string;
  position: Point;
  height: number;
  tags?: string[];
}

export type ReadingFilter = (reading: Reading) => boolean;

export class StationError extends Error {
  readonly station: string;

  constructor(station: string, message: string) {
    super(`${station}: ${message}`);
    this.name = 'StationError';
    this.station = station;
  }
}

/** The stations of a network and what they measured. */
export class Network {
  private readonly stations: Map<string, Station> = new Map();
  private readings: Reading[] = [];
  private isSorted: boolean = true;

  addStation(station: Station): void {
    if (this.stations.has(station.name)) {
      throw new StationError(station.name, 'is there already');
    }
    this.stations.set(station.name, station);
  }

  get names(): string[] {
    return [...this.stations.keys()].sort();
  }

  find(name: string): Station {
    const station: Station | undefined = this.stations.get(name);
    if (station === undefined) {
      throw new StationError(name, 'is not known');
    }
    return station;
  }

  record(name: string, time: Date, value: number): Reading {
    this.find(name);
    const reading: Reading = { station: name, time, value, isValid: Number.isFinite(value) };
    this.readings.push(reading);
    this.isSorted = false;
    return reading;
  }

  select(filter: ReadingFilter): Reading[] {
    if (!this.isSorted) {
      this.readings.sort((left: Reading, right: Reading) => left.time.getTime() - right.time.getTime());
      this.isSorted = true;
    }
    return this.readings.filter(filter);
  }

  between(start: Date, end: Date): Reading[] {
    return this.select((reading: Reading): boolean => reading.time >= start && reading.time < end);
  }

  latest(name: string): Reading | null {
    const readings: Reading[] = this.select((reading: Reading) => reading.station === name);
    return readings.length === 0 ? null : readings[readings.length - 1];
  }

  nearest(position: Point, count: number = 1): Station[] {
    return [...this.stations.values()]
      .sort((a: Station, b: Station) => distance(a.position, position) - distance(b.position, position))
      .slice(0, count);
  }

  withTag(tag: string): Station[] {
    return [...this.stations.values()].filter((station: Station) => station.tags?.includes(tag) ?? false);
  }

  dropInvalid(): number {
    const before: number = this.readings.length;
    this.readings = this.readings.filter((reading: Reading) => reading.isValid);
    return before - this.readings.length;
  }
}

export function dailyMeans(readings: Reading[]): Map<string, number> {
  const days: Map<string, number[]> = new Map();
  for (const reading of readings) {
    const day: string = reading.time.toISOString().slice(0, 10);
    const values: number[] = days.get(day) ?? [];
    values.push(reading.value);
    days.set(day, values);
  }
  const means: Map<string, number> = new Map();
  days.forEach((values: number[], day: string) => means.set(day, mean(values)));
  return means;
}

export function findGaps(readings: Reading[], maxMinutes: number): Array<[Date, Date]> {
  const gaps: Array<[Date, Date]> = [];
  for (let index: number = 1; index < readings.length; index++) {
    const start: Date = readings[index - 1].time;
    const end: Date = readings[index].time;
    const minutes: number = (end.getTime() - start.getTime()) / 60000;
    if (minutes > maxMinutes) gaps.push([start, end]);
  }
  return gaps;
}

export function parseReading(line: string): Reading | null {
  const pattern: RegExp = /^(\S+)\s+(\S+)\s+(-?\d+(?:\.\d+)?)$/;
  const match: RegExpExecArray | null = pattern.exec(line.trim());
  if (match === null) return null;
  const time: Date = new Date(match[2]);
  const value: number = Number(match[3]);
  const isValid: boolean = !Number.isNaN(time.getTime());
  return { station: match[1], time, value, isValid };
}

export async function loadReadings(url: string, fetchText: (url: string) => Promise<string>): Promise<Reading[]> {
  const text: string = await fetchText(url);
  const lines: string[] = text.split('\n');
  return lines.map(parseReading).filter((reading: Reading | null): reading is Reading => reading !== null);
}

export async function loadAll(
  urls: string[],
  fetchText: (url: string) => Promise<string>,
  onError: (error: Error, url: string) => void,
): Promise<Reading[]> {
  const results: Reading[] = [];
  for (const url of urls) {
    try {
      results.push(...(await loadReadings(url, fetchText)));
    } catch (error) {
      onError(error as Error, url);
    }
  }
  return results;
}
