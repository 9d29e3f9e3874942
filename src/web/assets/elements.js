// Making elements, and text in both languages, for every script here.

export const byId = id => document.getElementById(id);

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// Chinese, then English marked as English.
export const both = (zh, en) => [`${zh} `, element('span', { lang: 'en' }, en)];

export function button(children, act, attributes = {}) {
  const made = element('button', { type: 'button', ...attributes }, ...children);
  made.addEventListener('click', act);
  return made;
}
