import { createElement, delegate } from './dom.js';

const KEYS = { ArrowDown: 1, ArrowUp: -1 };

/** List of choices that opens below a button. */
export class Dropdown {
  #button;
  #menu;
  #index = -1;
  #active = -1;
  isOpen = false;

  /**
   * @param {HTMLElement} container
   * @param {{items: Array<{value: string, label: string}>, placeholder?: string, onSelect?: Function}} options
   */
  constructor(container, { items, placeholder = 'Choose', onSelect = () => {} }) {
    this.items = items;
    this.onSelect = onSelect;
    this.#button = createElement('button', { type: 'button', 'aria-haspopup': 'listbox', onClick: () => this.toggle() }, placeholder);
    this.#menu = createElement('ul', { role: 'listbox', hidden: true }, items.map((item, index) => this.#renderItem(item, index)));
    container.append(this.#button, this.#menu);
    delegate(this.#menu, 'click', 'li', (event, element) => this.select(Number(element.dataset.index)));
    container.addEventListener('keydown', event => this.handleKey(event));
  }

  get value() {
    return this.items[this.#index]?.value ?? null;
  }

  set value(value) {
    this.select(this.items.findIndex(item => item.value === value));
  }

  #renderItem({ label }, index) {
    return createElement('li', { role: 'option', dataset: { index } }, label);
  }

  toggle(isOpen = !this.isOpen) {
    this.isOpen = isOpen;
    this.#menu.hidden = !isOpen;
    this.#button.setAttribute('aria-expanded', String(isOpen));
  }

  select(index) {
    const item = this.items[index];
    if (!item) return;
    this.#index = this.#active = index;
    this.#button.textContent = item.label;
    this.toggle(false);
    this.onSelect(item.value, item);
  }

  /**
   * @param {KeyboardEvent} event
   */
  handleKey(event) {
    const step = KEYS[event.key];
    if (step) {
      event.preventDefault();
      const count = this.items.length;
      const start = this.#active < 0 && step < 0 ? count : this.#active;
      this.#active = (start + step + count) % count;
      this.#highlight();
    } else if (event.key === 'Enter' && this.isOpen) {
      this.select(this.#active);
    } else if (event.key === 'Escape') {
      this.toggle(false);
    }
  }

  #highlight() {
    [...this.#menu.children].forEach((element, index) => {
      element.classList.toggle('is-active', index === this.#active);
    });
  }
}

export default Dropdown;
