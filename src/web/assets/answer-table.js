// An answer of nested objects as rows under dotted heads, and as CSV. Takes
// the `data` of a GraphQL answer; never touches the page.

const isObject = value => value !== null && typeof value === 'object' && !Array.isArray(value);

// The items of a plain list of objects or of a Relay connection; else undefined.
function itemsOf(value) {
  if (Array.isArray(value)) return value.some(isObject) ? value : undefined;
  if (!isObject(value)) return undefined;
  if (Array.isArray(value.nodes)) return value.nodes;
  if (Array.isArray(value.edges)) return value.edges.map(edge => edge?.node);
  return undefined;
}

// Every list in the answer by its dotted path (`region.agencies.reports`), outer ones first.
export function listsIn(data) {
  const found = new Set();
  inside(data ?? {}, []);
  return [...found];

  function inside(object, path) {
    for (const [key, value] of Object.entries(object)) {
      const name = [...path, key];
      const items = itemsOf(value) ?? (Array.isArray(value) && !value.length && !path.length ? value : undefined);
      if (items) {
        found.add(name.join('.'));
        for (const item of items) if (isObject(item)) inside(item, name);
      } else if (isObject(value)) inside(value, name);
    }
  }
}

// The innermost list of the first branch: one row for each of its items.
export function usualList(lists) {
  const [first] = lists;
  return lists.filter(path => path === first || path.startsWith(`${first}.`))
    .reduce((best, path) => (path.startsWith(`${best}.`) ? path : best), first);
}

// One row for each item of the list at `path`, with what stands above it
// repeated. An item above without any below keeps a row of its own: that it
// has none is part of the answer. Other lists inside are counted.
export function tableOf(data, path) {
  const steps = path ? path.split('.') : [];
  const lists = new Set(listsIn(data));
  const rows = [];
  (function descend(object, depth, above, head) {
    const row = new Map(above);
    const key = steps[depth];
    if (depth || !steps.length) flatten(object, head, row, key);
    if (key === undefined) { rows.push(row); return; }
    const value = object?.[key];
    const items = itemsOf(value);
    const name = [...head, key];
    if (!items && isObject(value)) { descend(value, depth + 1, row, name); return; }
    if (!items?.length) { if (depth) rows.push(row); return; }
    for (const item of items) descend(item, depth + 1, row, name);
  })(data ?? {}, 0, new Map(), []);

  const heads = new Set(rows.flatMap(row => [...row.keys()]));
  return { heads: shortened([...heads]), rows: rows.map(row => [...heads].map(head => row.get(head))) };

  function flatten(value, head, row, skip) {
    const put = (name, cell) => row.set(name.join('.'), cell);
    if (!isObject(value)) { if (head.length) put(head, value); return; }
    for (const [key, cell] of Object.entries(value)) {
      if (key === skip) continue;
      const name = [...head, key];
      const items = itemsOf(cell) ?? (lists.has(name.join('.')) && Array.isArray(cell) ? cell : undefined);
      if (items) put([...name, 'count'], items.length);
      else if (Array.isArray(cell)) put(name, cell.map(one => (one === null ? '' : typeof one === 'object' ? JSON.stringify(one) : String(one))).join('; '));
      else if (isObject(cell)) flatten(cell, name, row);
      else put(name, cell);
    }
  }
}

// Drops the leading words that all heads share: `reports.year` reads `year`.
function shortened(heads) {
  let parts = heads.map(head => head.split('.'));
  while (parts.length && parts.every(part => part.length > 1 && part[0] === parts[0][0])) parts = parts.map(part => part.slice(1));
  return parts.map(part => part.join('.'));
}

const NUMBER = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/;

// A text that a spreadsheet would run as a formula gets an apostrophe before it.
function cell(value) {
  if (value === null || value === undefined) return '';
  let text = String(value);
  if (/^[=+\-@\t\r]/.test(text) && !NUMBER.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csvOf({ heads, rows }) {
  return '\uFEFF' + [heads, ...rows].map(row => row.map(cell).join(',') + '\r\n').join('');
}
