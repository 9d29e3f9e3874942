// The documentation beside the query: types, fields, arguments and what they
// mean, from introspection, with a search. Takes a schema; reads nothing else.

import { both, button, element } from './elements.js';

const FOUND_AT_MOST = 60;
const KINDS = {
  OBJECT: ['对象', 'object'], INTERFACE: ['接口', 'interface'], UNION: ['联合', 'union'], ENUM: ['枚举', 'enum'],
  INPUT_OBJECT: ['输入', 'input'], SCALAR: ['标量', 'scalar'],
};

export function schemaBrowser(page, search) {
  let schema = null;
  let trail = []; // types gone through, the one shown last

  function show(name, field) {
    if (name !== trail[trail.length - 1]) trail.push(name);
    search.value = '';
    draw();
    const target = field && page.querySelector(`[data-field="${CSS.escape(field)}"]`);
    if (target) { target.classList.add('found'); target.scrollIntoView({ block: 'center' }); }
    else page.scrollTop = 0;
    page.querySelector('h3')?.focus();
  }

  const typeLink = name => button([name], () => show(name), { class: 'link' });

  // `[Report!]!` with the name a link.
  function typeOf(ref) {
    if (ref?.kind === 'NON_NULL') return [...typeOf(ref.ofType), '!'];
    if (ref?.kind === 'LIST') return ['[', ...typeOf(ref.ofType), ']'];
    return [typeLink(ref?.name ?? '?')];
  }

  // A description's paragraphs, `code` as code.
  const prose = text => (text ? text.trim().split(/\n\s*\n/) : []).map(paragraph =>
    element('p', {}, ...paragraph.split('`').map((part, index) => (index % 2 ? element('code', {}, part) : part))));

  const argument = input => element('li', {}, element('code', {}, input.name, ': ', ...typeOf(input.type),
    input.defaultValue === null ? '' : ` = ${input.defaultValue}`), ...prose(input.description));

  function entry(item) {
    const head = element('code', {}, element('b', item.isDeprecated ? { class: 'old' } : {}, item.name));
    if (item.type) head.append(': ', ...typeOf(item.type));
    if (item.defaultValue) head.append(` = ${item.defaultValue}`);
    const made = element('li', { 'data-field': item.name }, head, ...prose(item.description));
    if (item.deprecationReason) made.append(element('p', {}, ...both('已弃用：', 'Deprecated: '), item.deprecationReason));
    if (item.args?.length) made.append(element('ul', {}, ...item.args.map(argument)));
    return made;
  }

  function typePage(name) {
    const type = schema.types.get(name);
    const title = element('h3', { tabindex: '-1' }, name, ' ', element('small', {}, ...both(...(KINDS[type.kind] ?? [type.kind, '']))));
    const parts = [title, ...prose(type.description)];
    const items = type.fields ?? type.inputFields ?? type.enumValues ?? [];
    if (items.length) parts.push(element('ul', {}, ...items.map(entry)));
    for (const [zh, en, list] of [['实现', 'Implements', type.interfaces], ['可能的类型', 'Possible types', type.possibleTypes]])
      if (list?.length) parts.push(element('p', {}, ...both(zh, en), ': ', ...list.flatMap(one => [typeLink(one.name), ' '])));
    return parts;
  }

  function found(words) {
    const matches = text => words.every(word => text.toLowerCase().includes(word));
    const hits = [];
    for (const type of schema.types.values()) {
      if (type.name.startsWith('__')) continue;
      if (matches(`${type.name} ${type.description ?? ''}`)) hits.push([matches(type.name) ? 0 : 2, type.name, null, type.description]);
      for (const item of [...(type.fields ?? []), ...(type.inputFields ?? []), ...(type.enumValues ?? [])]) {
        const args = (item.args ?? []).map(input => `${input.name} ${input.description ?? ''}`).join(' ');
        if (matches(`${item.name} ${item.description ?? ''} ${args}`)) hits.push([matches(item.name) ? 1 : 3, type.name, item.name, item.description]);
      }
    }
    hits.sort((a, b) => a[0] - b[0]);
    const list = hits.slice(0, FOUND_AT_MOST).map(([, type, field, description]) => element('li', {},
      button([field ? `${type}.${field}` : type], () => show(type, field), { class: 'link' }), ...prose((description ?? '').split('\n')[0])));
    return [element('p', { role: 'status' }, ...both(`${hits.length} 处`, hits.length === 1 ? 'match' : 'matches')), element('ul', {}, ...list)];
  }

  function start() {
    const roots = [schema.query, schema.mutation].filter(Boolean);
    const types = [...schema.types.values()].filter(type => !type.name.startsWith('__') && !roots.includes(type.name));
    const ofKind = kind => types.filter(type => type.kind === kind).map(type => typeLink(type.name)).flatMap(link => [link, ' ']);
    const kinds = Object.entries(KINDS).filter(([kind]) => types.some(type => type.kind === kind));
    return [
      element('h3', { tabindex: '-1' }, ...both('从这里开始', 'Start here')), element('p', {}, ...roots.map(typeLink)),
      ...kinds.flatMap(([kind, [zh, en]]) => [element('h3', {}, ...both(zh, en)), element('p', { class: 'names' }, ...ofKind(kind))]),
    ];
  }

  function draw() {
    if (!schema) return;
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length) return page.replaceChildren(...found(words));
    const here = trail[trail.length - 1];
    if (!here) return page.replaceChildren(...start());
    const back = button(both('← 返回', trail[trail.length - 2] ?? 'Back'), () => { trail.pop(); draw(); page.querySelector('h3')?.focus(); }, { class: 'link' });
    page.replaceChildren(back, ...typePage(here));
  }

  search.addEventListener('input', draw);

  return {
    setSchema(value) { schema = value; trail = []; draw(); },
    fail(message) { page.replaceChildren(element('p', { class: 'error' }, ...both('读不到文档：', 'No documentation: '), message)); },
  };
}
