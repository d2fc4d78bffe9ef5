/**
 * Make an element.
 *
 * @param {string} tagName
 * @param {Object} [attributes] `class`, `dataset`, listeners as `onClick` and plain attributes
 * @param {...(Node|string)} children
 * @returns {HTMLElement}
 */
export function createElement(tagName, attributes = {}, ...children) {
  const element = document.createElement(tagName);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on') && typeof value === 'function') {
      element.addEventListener(name.slice(2).toLowerCase(), value);
    } else if (name === 'dataset') {
      Object.assign(element.dataset, value);
    } else {
      element.setAttribute(name, value === true ? '' : value);
    }
  }
  element.append(...children.flat());
  return element;
}

/**
 * Listen for events on descendants that match a selector.
 *
 * @param {Element} root
 * @param {string} eventName
 * @param {string} selector
 * @param {function(Event, Element)} callback
 * @returns {function(): void} stops listening
 */
export function delegate(root, eventName, selector, callback) {
  const listener = event => {
    const target = event.target.closest(selector);
    if (target && root.contains(target)) {
      callback(event, target);
    }
  };
  root.addEventListener(eventName, listener);
  return () => root.removeEventListener(eventName, listener);
}

export function isVisible(element) {
  const { width, height } = element.getBoundingClientRect();
  return width > 0 && height > 0 && getComputedStyle(element).visibility !== 'hidden';
}

/**
 * Values of a form by the names of its fields.
 *
 * @param {HTMLFormElement} form
 * @returns {Object<string, string|string[]|boolean>}
 */
export function readForm(form) {
  const values = {};
  for (const field of form.elements) {
    if (!field.name || field.disabled) continue;
    switch (field.type) {
      case 'checkbox':
        values[field.name] = field.checked;
        break;
      case 'radio':
        if (field.checked) values[field.name] = field.value;
        break;
      case 'select-multiple':
        values[field.name] = Array.from(field.selectedOptions, option => option.value);
        break;
      case 'submit':
      case 'button':
        break;
      default:
        values[field.name] = field.value;
    }
  }
  return values;
}

// Keeps the keyboard inside an element, as dialogs must.
export function trapFocus(element) {
  const selector = 'a[href], button:not([disabled]), input:not([disabled]), select, textarea, [tabindex="0"]';
  element.addEventListener('keydown', event => {
    if (event.key !== 'Tab') return;
    const items = [...element.querySelectorAll(selector)].filter(isVisible);
    const first = items[0];
    const last = items[items.length - 1];
    if (event.shiftKey && document.activeElement === first) {
      event.preventDefault();
      last.focus();
    } else if (!event.shiftKey && document.activeElement === last) {
      event.preventDefault();
      first.focus();
    }
  });
}
