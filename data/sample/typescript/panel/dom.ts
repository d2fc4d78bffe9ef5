export type Attributes = Record<string, string | number | boolean | null | undefined>;
export type Child = Node | string;

export function createElement(tagName: string, attributes: Attributes = {}, ...children: Child[]): HTMLElement {
  const element: HTMLElement = document.createElement(tagName);
  for (const name of Object.keys(attributes)) {
    const value: string | number | boolean | null | undefined = attributes[name];
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children);
  return element;
}

/** Listen for events on descendants that match a selector. */
export function delegate(
  root: HTMLElement,
  eventName: string,
  selector: string,
  callback: (event: Event, element: HTMLElement) => void,
): () => void {
  const listener = (event: Event): void => {
    const target: HTMLElement | null = (event.target as HTMLElement).closest<HTMLElement>(selector);
    if (target !== null && root.contains(target)) {
      callback(event, target);
    }
  };
  root.addEventListener(eventName, listener);
  return (): void => root.removeEventListener(eventName, listener);
}

export function findAll(root: HTMLElement, selector: string): HTMLElement[] {
  return Array.from(root.querySelectorAll<HTMLElement>(selector));
}

export function isVisible(element: HTMLElement): boolean {
  const rectangle: DOMRect = element.getBoundingClientRect();
  return rectangle.width > 0 && rectangle.height > 0;
}

export function toggleClass(element: Element, name: string, isActive: boolean): void {
  element.classList.toggle(name, isActive);
}

export function removeChildren(element: Element): void {
  while (element.firstChild !== null) {
    element.removeChild(element.firstChild);
  }
}

export function readForm(form: HTMLFormElement): Map<string, string> {
  const values: Map<string, string> = new Map();
  const data: FormData = new FormData(form);
  data.forEach((value: FormDataEntryValue, name: string): void => {
    if (typeof value === 'string') {
      values.set(name, value.trim());
    }
  });
  return values;
}

export function fillForm(form: HTMLFormElement, values: Record<string, string>): number {
  let count: number = 0;
  for (const [name, value] of Object.entries(values)) {
    const field: Element | RadioNodeList | null = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement) {
      field.value = value;
      count++;
    }
  }
  return count;
}

export function focusFirst(root: HTMLElement): boolean {
  const element: HTMLElement | undefined = findAll(root, 'input, select, textarea, button').find(isVisible);
  element?.focus();
  return element !== undefined;
}

export function whenReady(callback: () => void): void {
  if (document.readyState === 'loading') {
    document.addEventListener('DOMContentLoaded', (): void => callback(), { once: true });
  } else {
    callback();
  }
}

export function escapeHtml(text: string): string {
  const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replace(/[&<>"]/g, (character: string) => escapes[character]);
}
