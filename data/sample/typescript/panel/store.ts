export interface Item {
  id: string;
  title: string;
  isDone: boolean;
  tags: string[];
  created: Date;
}

export type Filter = 'all' | 'open' | 'done';

export type Action =
  | { type: 'add'; item: Item }
  | { type: 'remove'; id: string }
  | { type: 'toggle'; id: string }
  | { type: 'filter'; filter: Filter };

export interface State {
  items: Item[];
  filter: Filter;
}

const INITIAL: State = { items: [], filter: 'all' };

export function reduce(state: State = INITIAL, action: Action): State {
  switch (action.type) {
    case 'add':
      return { ...state, items: [...state.items, action.item] };
    case 'remove':
      return { ...state, items: state.items.filter((item: Item) => item.id !== action.id) };
    case 'toggle':
      return { ...state, items: state.items.map((item: Item) => (item.id === action.id ? toggled(item) : item)) };
    case 'filter':
      return { ...state, filter: action.filter };
  }
}

function toggled(item: Item): Item {
  return { ...item, isDone: !item.isDone };
}

export function createItem(id: string, title: string, tags: string[] = []): Item {
  const created: Date = new Date();
  return { id, title: title.trim(), isDone: false, tags, created };
}

export function visibleItems(state: State): Item[] {
  const isVisible = (item: Item): boolean => state.filter === 'all' || item.isDone === (state.filter === 'done');
  return state.items.filter(isVisible);
}

export function countOpen(items: Item[]): number {
  return items.filter((item: Item) => !item.isDone).length;
}

export function tagsOf(items: Item[]): string[] {
  const tags: Set<string> = new Set(items.flatMap((item: Item) => item.tags));
  return [...tags].sort();
}

export class Store {
  private state: State = INITIAL;
  private readonly history: State[] = [];
  private readonly subscribers: Set<(state: State) => void> = new Set();

  constructor(private readonly storage: Storage | null = null, private readonly key: string = 'items') {}

  getState(): State {
    return this.state;
  }

  dispatch(action: Action): void {
    this.history.push(this.state);
    this.change(reduce(this.state, action));
  }

  undo(): boolean {
    const previous: State | undefined = this.history.pop();
    if (previous === undefined) {
      return false;
    }
    this.change(previous);
    return true;
  }

  subscribe(subscriber: (state: State) => void): () => void {
    this.subscribers.add(subscriber);
    return (): void => {
      this.subscribers.delete(subscriber);
    };
  }

  load(): number {
    const text: string | null = this.storage === null ? null : this.storage.getItem(this.key);
    if (text !== null) {
      const items: Item[] = JSON.parse(text, (name: string, value: unknown) =>
        name === 'created' ? new Date(value as string) : value,
      );
      this.change({ ...this.state, items });
    }
    return this.state.items.length;
  }

  private change(state: State): void {
    this.state = state;
    this.storage?.setItem(this.key, JSON.stringify(state.items));
    this.subscribers.forEach((subscriber: (state: State) => void) => subscriber(state));
  }
}
