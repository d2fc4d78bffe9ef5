import { createElement, removeChildren } from './dom';

/** Something on the page with a state; drawn anew when that changes. */
export abstract class Component<State extends object> {
  readonly element: HTMLElement;
  private listeners: Array<() => void> = [];
  private isMounted: boolean = false;

  constructor(
    tagName: string,
    protected state: State,
  ) {
    this.element = createElement(tagName);
  }

  abstract render(): Node[];

  mount(container: HTMLElement): void {
    container.append(this.element);
    this.isMounted = true;
    this.refresh();
  }

  setState(changes: Partial<State>): void {
    this.state = { ...this.state, ...changes };
    if (this.isMounted) {
      this.refresh();
    }
  }

  refresh(): void {
    removeChildren(this.element);
    this.element.append(...this.render());
  }

  protected listen(target: EventTarget, eventName: string, listener: (event: Event) => void): void {
    target.addEventListener(eventName, listener);
    this.listeners.push((): void => target.removeEventListener(eventName, listener));
  }

  destroy(): void {
    this.listeners.forEach((remove: () => void) => remove());
    this.listeners = [];
    this.element.remove();
    this.isMounted = false;
  }
}

interface CounterState {
  count: number;
  label: string;
}

export class Counter extends Component<CounterState> {
  constructor(label: string, count: number = 0) {
    super('div', { label, count });
    this.listen(this.element, 'click', (event: Event): void => this.handleClick(event as MouseEvent));
  }

  get count(): number {
    return this.state.count;
  }

  increase(step: number = 1): number {
    this.setState({ count: this.state.count + step });
    return this.state.count;
  }

  reset(): void {
    this.setState({ count: 0 });
  }

  render(): Node[] {
    const title: HTMLElement = createElement('b', {}, this.state.label);
    const text: Text = document.createTextNode(` ${this.state.count} `);
    return [title, text];
  }

  private handleClick(event: MouseEvent): void {
    event.preventDefault();
    const step: number = event.shiftKey ? -1 : 1;
    this.increase(step);
  }
}
