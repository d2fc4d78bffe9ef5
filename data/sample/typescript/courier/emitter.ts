export type Listener<T> = (value: T) => void;

/** Calls listeners by the name of an event. */
export class Emitter<Events extends Record<string, unknown>> {
  private listeners: Map<keyof Events, Array<Listener<any>>> = new Map();

  on<K extends keyof Events>(event: K, listener: Listener<Events[K]>): () => void {
    const listeners: Array<Listener<Events[K]>> = this.listeners.get(event) ?? [];
    listeners.push(listener);
    this.listeners.set(event, listeners);
    return (): void => this.off(event, listener);
  }

  once<K extends keyof Events>(event: K, listener: Listener<Events[K]>): void {
    const remove: () => void = this.on(event, (value: Events[K]): void => {
      remove();
      listener(value);
    });
  }

  off<K extends keyof Events>(event: K, listener: Listener<Events[K]>): void {
    const remaining: Array<Listener<Events[K]>> = (this.listeners.get(event) ?? []).filter((other) => other !== listener);
    this.listeners.set(event, remaining);
  }

  emit<K extends keyof Events>(event: K, value: Events[K]): boolean {
    const listeners: Array<Listener<Events[K]>> = this.listeners.get(event) ?? [];
    listeners.slice().forEach((listener: Listener<Events[K]>) => listener(value));
    return listeners.length > 0;
  }

  listenerCount(event: keyof Events): number {
    return this.listeners.get(event)?.length ?? 0;
  }

  clear(): void {
    this.listeners.clear();
  }
}

/** A value that tells who is interested when it changes. */
export class Observable<T> {
  private readonly subscribers: Set<Listener<T>> = new Set();

  constructor(private current: T) {}

  get value(): T {
    return this.current;
  }

  set value(value: T) {
    if (Object.is(value, this.current)) return;
    this.current = value;
    this.subscribers.forEach((subscriber: Listener<T>) => subscriber(value));
  }

  subscribe(subscriber: Listener<T>, isImmediate: boolean = false): () => void {
    this.subscribers.add(subscriber);
    if (isImmediate) subscriber(this.current);
    return (): void => {
      this.subscribers.delete(subscriber);
    };
  }

  map<R>(callback: (value: T) => R): Observable<R> {
    const result: Observable<R> = new Observable(callback(this.current));
    this.subscribe((value: T): void => {
      result.value = callback(value);
    });
    return result;
  }
}
