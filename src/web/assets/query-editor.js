// The query editor: a textarea with its words coloured beneath it, indenting,
// brackets in pairs, and completion. Takes its elements and what to ask;
// never runs a query itself.

import { complete, highlighted } from './graphql-language.js';
import { element } from './elements.js';

const INDENT = '  ';
const PAIRS = { '{': '}', '(': ')', '[': ']', '"': '"' };
const SHOWN_AT_ONCE = 100;

// `ask`: schema(), codes(), run(), changed().
export function queryEditor(input, paint, popup, ask) {
  let wrong = []; // offsets the server complained of
  let offer = null; // {start, items, at} while completions are shown
  let tabLeaves = false; // after Escape, Tab moves on as on any page

  function draw() {
    const parts = highlighted(input.value, ask.schema()).map(word => {
      const mistaken = wrong.some(offset => offset >= word.start && offset < word.end);
      if (word.kind === 'space' && !mistaken) return word.text;
      return element('span', { class: `t-${word.role ?? word.kind}${mistaken ? ' t-wrong' : ''}` }, word.text);
    });
    paint.replaceChildren(...parts, '\n');
  }

  // Typed as if by hand, so that undo knows it.
  function type(text, from = input.selectionStart, to = input.selectionEnd) {
    input.setSelectionRange(from, to);
    const command = text ? 'insertText' : 'delete';
    if (from === to && !text) return;
    if (document.execCommand(command, false, text)) return;
    input.setRangeText(text, from, to, 'end');
    input.dispatchEvent(new Event('input'));
  }

  function close() {
    offer = null;
    popup.hidden = true;
    input.removeAttribute('aria-activedescendant');
  }

  function suggest(asked) {
    const schema = ask.schema();
    const cursor = input.selectionStart;
    if (!schema || cursor !== input.selectionEnd) return close();
    const found = complete(input.value, cursor, schema, ask.codes());
    const known = found?.items.length === 1 && found.items[0].label === found.prefix;
    if (!found?.items.length || (!asked && (!found.prefix || known))) return close();
    offer = { start: found.start, items: found.items.slice(0, SHOWN_AT_ONCE), at: 0 };
    popup.replaceChildren(...offer.items.map((item, index) => {
      const option = element('li', { role: 'option', id: `offer-${index}` },
        element('b', item.old ? { class: 'old' } : {}, item.label), element('code', {}, item.detail ?? ''));
      if (item.description) option.append(element('small', {}, item.description.split('\n')[0]));
      option.addEventListener('mousedown', event => { event.preventDefault(); offer.at = index; accept(); });
      return option;
    }));
    popup.hidden = false;
    place(found.start);
    choose(0);
  }

  function choose(index) {
    const count = offer.items.length;
    offer.at = (index + count) % count;
    Array.from(popup.children, (option, at) => option.setAttribute('aria-selected', String(at === offer.at)));
    popup.children[offer.at].scrollIntoView({ block: 'nearest' });
    input.setAttribute('aria-activedescendant', `offer-${offer.at}`);
  }

  function accept() {
    const { start, items, at } = offer;
    let text = items[at].insert;
    const after = input.value.slice(input.selectionStart);
    if (text.endsWith(': ') && /^\s*:/.test(after)) text = text.slice(0, -2);
    close();
    type(text, start);
    close();
  }

  // Beneath the word, within the window.
  function place(offset) {
    const box = spot(offset);
    const { width, height } = popup.getBoundingClientRect();
    const below = box.bottom + 4;
    popup.style.left = `${Math.max(4, Math.min(box.left, document.documentElement.clientWidth - width - 4))}px`;
    popup.style.top = `${below + height > innerHeight ? Math.max(4, box.top - height - 4) : below}px`;
  }

  function spot(offset) {
    const texts = document.createTreeWalker(paint, NodeFilter.SHOW_TEXT);
    let node = texts.nextNode();
    while (node && offset > node.length) { offset -= node.length; node = texts.nextNode(); }
    const range = document.createRange();
    range.setStart(node ?? paint, node ? offset : 0);
    const marker = element('span', {}, '\u200B');
    range.insertNode(marker);
    const box = marker.getBoundingClientRect();
    marker.remove();
    paint.normalize();
    return box;
  }

  function indent(back) {
    const { value, selectionStart: from, selectionEnd: to } = input;
    if (from === to && !back) return type(INDENT);
    const start = value.lastIndexOf('\n', from - 1) + 1;
    const lines = value.slice(start, to).split('\n').map(line => (back ? line.replace(/^ {1,2}/, '') : INDENT + line));
    const text = lines.join('\n');
    type(text, start, to);
    input.setSelectionRange(from === to ? input.selectionEnd : start, start + text.length);
  }

  function newLine() {
    const { value, selectionStart: at } = input;
    const margin = value.slice(value.lastIndexOf('\n', at - 1) + 1).match(/^ */)[0];
    const opens = /[{([]/.test(value[at - 1] ?? '');
    const closes = opens && value[input.selectionEnd] === PAIRS[value[at - 1]];
    const first = `\n${margin}${opens ? INDENT : ''}`;
    type(closes ? `${first}\n${margin}` : first);
    input.setSelectionRange(at + first.length, at + first.length);
  }

  // True where the key was a bracket or quote that needed help.
  function pair(key) {
    const { value, selectionStart: from, selectionEnd: to } = input;
    const next = value[to] ?? '';
    if (from === to && next === key && /[})\]"]/.test(key)) { input.setSelectionRange(to + 1, to + 1); return true; }
    if (key === 'Backspace' && from === to && PAIRS[value[from - 1]] === next && next) { type('', from - 1, to + 1); return true; }
    const closing = PAIRS[key];
    if (!closing || (from === to && !/^[\s})\]]?$/.test(next))) return false;
    if (key === '"' && from === to && /["\w]/.test(value[from - 1] ?? '')) return false;
    type(key + value.slice(from, to) + closing);
    input.setSelectionRange(from + 1, to + 1);
    suggest(false);
    return true;
  }

  function offered(event) {
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    if (event.key in moves) choose(offer.at + moves[event.key]);
    else if (event.key === 'Enter' || event.key === 'Tab') accept();
    else if (event.key === 'Escape') close();
    else return false;
    return true;
  }

  function pressed(event) {
    const { key } = event;
    const command = event.ctrlKey || event.metaKey;
    if (command && key === 'Enter') { close(); ask.run(); return true; }
    if ((event.ctrlKey && key === ' ') || (event.altKey && key === '/')) { suggest(true); return true; }
    if (command || event.altKey) return false;
    if (offer && offered(event)) return true;
    if (key === 'Escape') { tabLeaves = true; return false; }
    if (key === 'Tab' && !tabLeaves) { indent(event.shiftKey); return true; }
    if (key !== 'Shift') tabLeaves = false;
    if (key === 'Enter' && !event.shiftKey) { newLine(); return true; }
    return pair(key);
  }

  input.addEventListener('keydown', event => { if (!event.isComposing && pressed(event)) event.preventDefault(); });
  input.addEventListener('input', event => {
    wrong = [];
    draw();
    ask.changed();
    if (event.inputType === 'insertText' && !event.isComposing && /[\w$@.]$/.test(event.data ?? '')) suggest(false);
    else if (offer) suggest(false);
  });
  input.addEventListener('blur', close);
  input.addEventListener('click', close);
  addEventListener('scroll', event => { if (event.target !== popup) close(); }, { capture: true, passive: true });

  return {
    draw,
    suggest() { input.focus(); suggest(true); },
    set(text) { input.value = text; wrong = []; close(); draw(); },
    // Marks the places an error names; `locations` count lines and columns from 1.
    mark(locations) { wrong = locations.map(offsetOf); draw(); },
    goTo(location) {
      const offset = offsetOf(location);
      input.focus();
      input.setSelectionRange(offset, offset);
      paint.querySelector('.t-wrong')?.scrollIntoView({ block: 'nearest' });
    },
  };

  function offsetOf({ line, column }) {
    const before = input.value.split('\n').slice(0, line - 1);
    return before.reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
  }
}
