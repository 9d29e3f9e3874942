// What the query editor knows of GraphQL: the words of a query, which of them
// is what, and what may stand at the cursor. Takes text and an introspected
// schema (or none); gives plain values; never touches the page.

const TYPE_REF = 'kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } }';

// Shallow enough for the server's bound on depth: four levels of ofType.
export const INTROSPECTION = `query Introspection {
  __schema {
    queryType { name } mutationType { name }
    directives { name description args { ...Input } }
    types {
      kind name description
      fields(includeDeprecated: true) { name description isDeprecated deprecationReason type { ...Ref } args { ...Input } }
      inputFields { ...Input }
      enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
      interfaces { name } possibleTypes { name }
    }
  }
}
fragment Input on __InputValue { name description defaultValue type { ...Ref } }
fragment Ref on __Type { ${TYPE_REF} }`;

export function readSchema({ __schema: schema }) {
  return {
    types: new Map(schema.types.map(type => [type.name, type])),
    query: schema.queryType.name,
    mutation: schema.mutationType?.name,
    directives: schema.directives,
  };
}

// The name under all lists and non-nulls.
export function namedType(ref) {
  while (ref?.ofType) ref = ref.ofType;
  return ref?.name;
}

export function printType(ref) {
  if (!ref) return '';
  if (ref.kind === 'NON_NULL') return `${printType(ref.ofType)}!`;
  if (ref.kind === 'LIST') return `[${printType(ref.ofType)}]`;
  return ref.name;
}

const WORD = /(?<space>[\s,\uFEFF]+)|(?<comment>#[^\n]*)|(?<string>"""[^]*?(?:"""|$)|"(?:\\.|[^"\\\n])*"?)|(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<variable>\$\w*)|(?<directive>@\w*)|(?<spread>\.\.\.)|(?<name>[A-Za-z_]\w*)|(?<mark>[^])/gu;

export function words(source) {
  return Array.from(source.matchAll(WORD), match => {
    const [kind] = Object.entries(match.groups).find(([, text]) => text !== undefined);
    return { kind, text: match[0], start: match.index, end: match.index + match[0].length };
  });
}

// Walks the words with a stack of the brackets open, telling each name what it
// is (`role`); returns the innermost bracket at the end.
function walk(list, schema) {
  const stack = [{ kind: 'document' }];
  const fieldOf = (type, name) => schema?.types.get(type)?.fields?.find(field => field.name === name);
  const top = () => stack[stack.length - 1];
  let last = { kind: 'mark', text: '' };

  for (const word of list) {
    if (word.kind === 'space' || word.kind === 'comment') continue;
    const frame = top();
    if (word.kind === 'name') name(word, frame);
    else if (word.kind === 'directive') frame.directive = word.text.slice(1);
    else if (word.kind === 'spread') frame.next = undefined;
    else if (word.kind === 'mark') mark(word.text, frame);
    last = word;
  }
  return { frame: top(), last };

  function name(word, frame) {
    if (frame.kind === 'document') {
      if (last.text === 'on') { word.role = 'type'; frame.next = word.text; }
      else if (/^(query|mutation|subscription)$/.test(word.text) && !['query', 'mutation', 'fragment'].includes(last.text)) {
        word.role = 'keyword'; word.operation = true; frame.next = schema?.[word.text];
      } else word.role = /^(fragment|on)$/.test(word.text) ? 'keyword' : 'title';
    } else if (frame.kind === 'selection') {
      if (last.kind === 'spread') word.role = word.text === 'on' ? 'keyword' : 'title';
      else if (last.text === 'on' && last.role === 'keyword') { word.role = 'type'; frame.next = word.text; }
      else { word.role = 'field'; frame.field = fieldOf(frame.type, word.text); frame.next = namedType(frame.field?.type); frame.directive = undefined; }
    } else if (frame.kind === 'variables') {
      word.role = last.text === ':' || last.text === '[' ? 'type' : 'value';
    } else if (last.text === ':' || frame.kind === 'list') word.role = 'value';
    else {
      word.role = 'argument';
      frame.current = frame.inputs?.find(input => input.name === word.text);
      frame.currentName = word.text;
      (frame.used ??= new Set()).add(word.text);
    }
  }

  function mark(text, frame) {
    const inputsOf = ref => schema?.types.get(namedType(ref))?.inputFields;
    if (text === '{') {
      if (frame.kind === 'document' || frame.kind === 'selection') {
        const type = frame.next ?? (frame.kind === 'document' ? schema?.query : frame.field || last.kind === 'name' ? undefined : frame.type);
        stack.push({ kind: 'selection', type });
        frame.next = undefined;
      } else stack.push({ kind: 'object', inputs: inputsOf(frame.current?.type) });
    } else if (text === '(') {
      if (frame.directive) stack.push({ kind: 'arguments', inputs: schema?.directives.find(one => one.name === frame.directive)?.args });
      else if (frame.kind === 'document') stack.push({ kind: 'variables' });
      else stack.push({ kind: 'arguments', inputs: frame.field?.args });
      frame.directive = undefined;
    } else if (text === '[') stack.push({ kind: 'list', current: frame.current, currentName: frame.currentName });
    else if (/[})\]]/.test(text) && stack.length > 1) stack.pop();
  }
}

export function highlighted(source, schema) {
  const list = words(source);
  walk(list, schema);
  return list;
}

// The operations' names, with where each begins.
export function operations(source) {
  const list = highlighted(source).filter(word => word.kind !== 'space' && word.kind !== 'comment');
  return list.flatMap((word, index) => word.operation && list[index + 1]?.role === 'title' ? [{ name: list[index + 1].text, start: word.start }] : []);
}

// What may stand at the cursor: `{start, items: [{label, insert, detail, description}]}`.
// `codes` are the measures' codes, offered inside the strings that take one.
export function complete(source, cursor, schema, codes = []) {
  const before = words(source.slice(0, cursor));
  const open = before[before.length - 1];
  if (open?.kind === 'comment') return null;
  if (open?.kind === 'string' && !/^"""|[^\\]"$/.test(open.text)) return completeCode(open, before, schema, codes);
  let prefix = '';
  let start = cursor;
  if (open && /^(name|variable|directive)$/.test(open.kind)) {
    before.pop();
    prefix = open.text;
    start = open.start;
  }
  const { frame, last } = walk(before, schema);
  const starts = prefix.toLowerCase();
  const all = candidates(frame, last, prefix, source, schema);
  const rank = item => (item.label.toLowerCase().startsWith(starts) ? 0 : 1);
  const items = all.filter(item => item.label.toLowerCase().includes(starts)).sort((a, b) => rank(a) - rank(b));
  return { start, prefix, items };
}

function completeCode(open, before, schema, codes) {
  const { frame } = walk(before.slice(0, -1), schema);
  if (!/^(measures?|sort|where|indicator)$/.test(frame.currentName ?? '')) return null;
  const prefix = open.text.match(/[\w.]*$/)[0];
  const items = codes.filter(code => code.label.includes(prefix)).map(code => ({ ...code, insert: code.label }));
  return { start: open.end - prefix.length, prefix, items };
}

function candidates(frame, last, prefix, source, schema) {
  if (prefix.startsWith('$')) return frame.kind === 'variables' ? [] : variables(source);
  if (prefix.startsWith('@')) return schema.directives.map(one => ({ label: `@${one.name}`, insert: `@${one.name}`, description: one.description }));
  const typesOf = test => [...schema.types.values()].filter(type => !type.name.startsWith('__') && test.test(type.kind))
    .map(type => ({ label: type.name, insert: type.name, detail: type.kind.toLowerCase(), description: type.description }));
  if (last.text === 'on' && last.role === 'keyword') return typesOf(/^(OBJECT|INTERFACE|UNION)$/);
  switch (frame.kind) {
    case 'document':
      return ['query', 'fragment'].map(label => ({ label, insert: label }));
    case 'selection': {
      if (last.kind === 'spread') return ['on', ...fragments(source)].map(label => ({ label, insert: label }));
      const fields = schema.types.get(frame.type)?.fields ?? [];
      return [...fields, { name: '__typename', type: { name: 'String!' }, description: '' }].map(field => ({
        label: field.name, insert: field.name, detail: printType(field.type), description: field.description, old: field.isDeprecated }));
    }
    case 'variables':
      return last.text === ':' || last.text === '[' ? typesOf(/^(SCALAR|ENUM|INPUT_OBJECT)$/) : [];
    default:
      if (last.text === ':' || frame.kind === 'list') return values(frame.current, source, schema);
      return (frame.inputs ?? []).filter(input => !frame.used?.has(input.name)).map(input => ({
        label: input.name, insert: `${input.name}: `, detail: printType(input.type), description: input.description }));
  }
}

function values(input, source, schema) {
  const type = schema.types.get(namedType(input?.type));
  const own = type?.name === 'Boolean' ? [{ name: 'true' }, { name: 'false' }] : type?.enumValues ?? [];
  return [...own.map(value => ({ label: value.name, insert: value.name, detail: type.name, description: value.description })), ...variables(source)];
}

const variables = source => [...new Set(source.match(/\$\w+(?=\s*:)/g) ?? [])].map(label => ({ label, insert: label }));
const fragments = source => [...source.matchAll(/\bfragment\s+(\w+)/g)].map(match => match[1]);
