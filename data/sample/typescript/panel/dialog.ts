import { createElement, focusFirst } from './dom';

export interface DialogOptions {
  title: string;
  message?: string;
  buttons?: string[];
  isModal?: boolean;
  onClose?: (result: string | null) => void;
}

/** Asks the user something. */
export class Dialog {
  private readonly options: DialogOptions;
  private readonly element: HTMLElement;
  private previousFocus: Element | null = null;
  private isOpen: boolean = false;

  constructor(options: DialogOptions) {
    this.options = options;
    this.element = this.build();
  }

  private build(): HTMLElement {
    const title: HTMLElement = createElement('h2', { id: 'dialog-title' }, this.options.title);
    const body: HTMLElement = createElement('p', {}, this.options.message ?? '');
    const footer: HTMLElement = createElement('footer', {}, ...this.buildButtons());
    const element: HTMLElement = createElement(
      'div',
      { role: 'dialog', 'aria-labelledby': 'dialog-title', 'aria-modal': this.options.isModal ?? true },
      title,
      body,
      footer,
    );
    element.addEventListener('keydown', (event: KeyboardEvent): void => this.handleKey(event));
    return element;
  }

  private buildButtons(): HTMLElement[] {
    const names: string[] = this.options.buttons ?? ['OK'];
    return names.map((name: string): HTMLElement => {
      const button: HTMLElement = createElement('button', { type: 'button' }, name);
      button.addEventListener('click', (): void => this.close(name));
      return button;
    });
  }

  open(container: HTMLElement = document.body): void {
    if (this.isOpen) return;
    this.previousFocus = document.activeElement;
    container.append(this.element);
    this.isOpen = true;
    focusFirst(this.element);
  }

  close(result: string | null = null): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.element.remove();
    if (this.previousFocus instanceof HTMLElement) {
      this.previousFocus.focus();
    }
    this.options.onClose?.(result);
  }

  private handleKey(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      event.stopPropagation();
      this.close();
    }
  }
}

export function confirmDialog(title: string, message: string): Promise<boolean> {
  return new Promise((resolve: (isConfirmed: boolean) => void): void => {
    const dialog: Dialog = new Dialog({
      title,
      message,
      buttons: ['Yes', 'No'],
      onClose: (result: string | null): void => resolve(result === 'Yes'),
    });
    dialog.open();
  });
}

export function showToast(message: string, duration: number = 3000): HTMLElement {
  const element: HTMLElement = createElement('div', { class: 'toast', role: 'status' }, message);
  document.body.append(element);
  window.setTimeout((): void => element.remove(), duration);
  return element;
}

export async function confirmAll(questions: string[]): Promise<number> {
  let count: number = 0;
  for (const question of questions) {
    const isConfirmed: boolean = await confirmDialog('Please confirm', question);
    if (!isConfirmed) break;
    count++;
  }
  return count;
}
