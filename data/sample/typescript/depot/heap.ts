export type Comparer<T> = (left: T, right: T) => number;

/** Binary heap: the least item by a comparison comes out first. */
export class Heap<T> {
  private readonly items: T[] = [];

  constructor(private readonly compare: Comparer<T>) {}

  get size(): number {
    return this.items.length;
  }

  isEmpty(): boolean {
    return this.items.length === 0;
  }

  peek(): T | undefined {
    return this.items[0];
  }

  push(item: T): void {
    this.items.push(item);
    let index: number = this.items.length - 1;
    while (index > 0) {
      const parent: number = (index - 1) >> 1;
      if (this.compare(this.items[index], this.items[parent]) >= 0) break;
      this.swap(index, parent);
      index = parent;
    }
  }

  pop(): T | undefined {
    const top: T | undefined = this.items[0];
    const last: T | undefined = this.items.pop();
    if (last !== undefined && this.items.length > 0) {
      this.items[0] = last;
      this.sinkDown(0);
    }
    return top;
  }

  private sinkDown(index: number): void {
    const count: number = this.items.length;
    for (;;) {
      let least: number = index;
      for (const child of [2 * index + 1, 2 * index + 2]) {
        if (child < count && this.compare(this.items[child], this.items[least]) < 0) {
          least = child;
        }
      }
      if (least === index) return;
      this.swap(index, least);
      index = least;
    }
  }

  private swap(left: number, right: number): void {
    [this.items[left], this.items[right]] = [this.items[right], this.items[left]];
  }
}

interface Job {
  name: string;
  priority: number;
  run: () => void;
}

/** Runs jobs by priority, the highest first. */
export class JobQueue {
  private readonly heap: Heap<Job> = new Heap<Job>((a: Job, b: Job) => b.priority - a.priority);
  private finished: string[] = [];
  private isPaused: boolean = false;

  add(name: string, priority: number, run: () => void): void {
    this.heap.push({ name, priority, run });
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
    this.runAll();
  }

  runAll(): number {
    let count: number = 0;
    while (!this.isPaused) {
      const job: Job | undefined = this.heap.pop();
      if (job === undefined) break;
      job.run();
      this.finished.push(job.name);
      count++;
    }
    return count;
  }

  get history(): string[] {
    return this.finished.slice();
  }
}
