import { createElement, delegate } from './dom.js';

const template = document.createElement('template');
template.innerHTML = `
  <form><input name="title" required> <button>Add</button></form>
  <ul></ul>
  <p class="summary"></p>
`;

/** `<todo-list>`: keeps its items in the storage of the page. */
export class TodoList extends HTMLElement {
  static observedAttributes = ['storage-key', 'filter'];

  items = [];

  connectedCallback() {
    if (this.list) return;
    this.append(template.content.cloneNode(true));
    this.list = this.querySelector('ul');
    this.querySelector('form').addEventListener('submit', this.handleSubmit);
    delegate(this.list, 'click', 'button', (event, button) => this.removeItem(button.dataset.id));
    delegate(this.list, 'change', 'input', (event, input) => this.toggleItem(input.dataset.id, input.checked));
    this.load();
  }

  attributeChangedCallback(name, oldValue, newValue) {
    if (oldValue !== newValue && this.isConnected && this.list) {
      name === 'filter' ? this.render() : this.load();
    }
  }

  get storageKey() {
    return this.getAttribute('storage-key') ?? 'todo';
  }

  get visibleItems() {
    const filter = this.getAttribute('filter') ?? 'all';
    return this.items.filter(item => filter === 'all' || item.isDone === (filter === 'done'));
  }

  handleSubmit = event => {
    event.preventDefault();
    const input = event.target.elements.title;
    this.addItem(input.value.trim());
    input.value = '';
  };

  addItem(title) {
    if (title === '') return;
    this.update([...this.items, { id: crypto.randomUUID(), title, isDone: false }]);
  }

  toggleItem(id, isDone) {
    this.update(this.items.map(item => (item.id === id ? { ...item, isDone } : item)));
  }

  removeItem(id) {
    this.update(this.items.filter(item => item.id !== id));
  }

  update(items) {
    this.items = items;
    localStorage.setItem(this.storageKey, JSON.stringify(items));
    this.render();
    this.dispatchEvent(new CustomEvent('update', { detail: { items }, bubbles: true }));
  }

  /** Read the items back; what cannot be read counts as none. */
  load() {
    try {
      this.items = JSON.parse(localStorage.getItem(this.storageKey)) ?? [];
    } catch (error) {
      console.warn('todo list was damaged', error);
      this.items = [];
    }
    this.render();
  }

  render() {
    this.list.replaceChildren(
      ...this.visibleItems.map(({ id, title, isDone }) =>
        createElement(
          'li',
          { class: isDone ? 'is-done' : null },
          createElement('input', { type: 'checkbox', checked: isDone, dataset: { id } }),
          title,
          createElement('button', { dataset: { id } }, '×')
        )
      )
    );
    const count = this.items.filter(item => !item.isDone).length;
    this.querySelector('.summary').textContent = count === 1 ? '1 item left' : `${count} items left`;
  }
}

customElements.define('todo-list', TodoList);
