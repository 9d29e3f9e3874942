// The query page: asks POST /graphql and shows the answer as a table, JSON or
// CSV. The query stands in the address (`#query=…&variables=…`), so that a link
// asks the same question; `?query=…` is understood too.

import { csvOf, listsIn, tableOf, usualList } from './answer-table.js';
import { both, button, byId, element } from './elements.js';
import { INTROSPECTION, operations, readSchema } from './graphql-language.js';
import { queryEditor } from './query-editor.js';
import { schemaBrowser } from './schema-browser.js';

// The questions of the menu, the first of them there at the start.
const EXAMPLES = [
  {
    zh: '一个县里，哪个机关收到的申请最多', en: 'Who received the most requests in a county',
    variables: { region: '370323', year: '2023' },
    query: `query MostRequests($region: String, $year: String, $after: String) {
  reports(
    filter: {region: $region, year: $year}
    sort: "-requests.received", first: 20, after: $after
  ) {
    nodes {
      agency { name }
      year
      received: value(measure: "requests.received")
      granted: value(measure: "requests.granted")
      denied: value(measure: "requests.denied")
      total: value(measure: "requests.total")
    }
    pageInfo { endCursor hasNextPage }
    totalCount
  }
}`,
  },
  {
    zh: '一个县的各机关，两年各两个数', en: 'A county’s agencies: two years, two numbers each',
    variables: { region: '370323' },
    query: `query TwoYears($region: String!) {
  region(code: $region) {
    name
    agencies(first: 200) {
      nodes {
        name
        reports(filter: {year: "2022..2023"}) {
          nodes {
            year
            received: value(measure: "requests.received")
            carriedOver: value(measure: "requests.carried_over_out")
          }
        }
      }
    }
  }
}`,
  },
  {
    zh: '一份报告的申请处理表，逐行', en: 'One report’s requests table, row by row',
    variables: { region: '370323', year: '2023' },
    query: `query RequestsTable($region: String, $year: String) {
  reports(
    filter: {region: $region, year: $year}
    sort: "-requests.received", first: 1
  ) {
    nodes {
      agency { name }
      year
      requests {
        row
        label
        naturalPerson
        commercialEnterprise
        researchInstitution
        publicWelfareOrganization
        legalServiceOrganization
        other
        total
      }
    }
  }
}`,
  },
  {
    zh: '哪些报告的数字对不上', en: 'Whose numbers do not add up',
    variables: { year: '2023' },
    query: `query Findings($year: String, $after: String) {
  findings(
    filter: {year: $year}
    first: 50, after: $after
  ) {
    nodes {
      report { agency { name } year }
      severity
      check
      message
    }
    pageInfo { endCursor hasNextPage }
    totalCount
  }
}`,
  },
  {
    zh: '谁不予公开最多', en: 'Who denied the most',
    variables: { year: '2023' },
    query: `query Denied($year: String, $after: String) {
  reports(
    filter: {year: $year, where: "requests.denied>=1"}
    sort: "-requests.denied", first: 50, after: $after
  ) {
    nodes {
      agency { name region { name } }
      year
      denied: value(measure: "requests.denied")
      stateSecret: value(measure: "requests.denied_state_secret")
      internalAffairs: value(measure: "requests.denied_internal_affairs")
      total: value(measure: "requests.total")
    }
    pageInfo { endCursor hasNextPage }
    totalCount
  }
}`,
  },
  {
    zh: '行政复议后被纠正的机关', en: 'Agencies corrected on review',
    variables: {},
    query: `query Corrected($after: String) {
  reports(
    filter: {where: "reviews.corrected>=1"}
    sort: "-reviews.corrected", first: 50, after: $after
  ) {
    nodes {
      agency { name }
      year
      corrected: value(measure: "reviews.corrected")
      reviews: value(measure: "reviews.total")
      lawsuits: value(measure: "lawsuits.total")
    }
    pageInfo { endCursor hasNextPage }
    totalCount
  }
}`,
  },
  {
    zh: '按名称找机关，及其各年报告', en: 'Find agencies by name, with their reports',
    variables: { name: '人民政府' },
    query: `query ByName($name: String, $after: String) {
  agencies(
    filter: {q: $name}
    first: 20, after: $after
  ) {
    nodes {
      name
      kind
      region { code name }
      reports(first: 20) { nodes { year publishedOn title } }
    }
    pageInfo { endCursor hasNextPage }
  }
}`,
  },
  {
    zh: '一个地区的下级地区', en: 'The regions within a region',
    variables: { region: '370300' },
    query: `query Within($region: String!) {
  region(code: $region) {
    name
    parent { name }
    children { code name level }
  }
}`,
  },
];

const ROWS_SHOWN = 1000;
let schema = null;
let codes = [];
let answer = null; // the last answer: {data, errors, extensions}
let running = null; // the AbortController of the question under way
let keeping = 0;

const query = byId('query');
const variables = byId('variables');
const docs = schemaBrowser(byId('docs-page'), byId('docs-search'));
const editor = queryEditor(query, byId('paint'), byId('offers'), {
  schema: () => schema, codes: () => codes, run, changed() { byId('examples').value = ''; keepSoon(); } });

async function ask(body, signal) {
  const response = await fetch('/graphql', {
    method: 'POST', body: JSON.stringify(body), signal,
    headers: { 'Content-Type': 'application/json', Accept: 'application/graphql-response+json, application/json' } });
  const text = await response.text();
  let said;
  try { said = JSON.parse(text); } catch { said = {}; }
  const size = new Blob([text]).size;
  if ('data' in said || said.errors) return { said, size };
  const message = [said.title ?? `HTTP ${response.status}`, said.detail].filter(Boolean).join(': ');
  return { said: { errors: [{ message, extensions: { code: said.code ?? `http_${response.status}` } }] }, size };
}

function readVariables() {
  const text = variables.value.trim();
  const value = text ? JSON.parse(text) : {};
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new Error('{"…": …}');
  return value;
}

async function run() {
  running?.abort();
  const mine = running = new AbortController();
  const body = { query: query.value };
  try { body.variables = readVariables(); } catch (error) {
    return show({ errors: [{ message: `变量不是 JSON 对象。 Variables are no JSON object: ${error.message}` }] }, []);
  }
  const named = operations(query.value);
  if (named.length) body.operationName = (named.findLast(one => one.start <= query.selectionStart) ?? named[0]).name;
  keep();
  byId('status').replaceChildren(...both('查询中…', 'Asking…'));
  const began = performance.now();
  try {
    const { said, size } = await ask(body, mine.signal);
    show(said, [`${Math.round(performance.now() - began)} ms`, `${(size / 1024).toFixed(1)} KB`]);
  } catch (error) {
    if (error.name !== 'AbortError') show({ errors: [{ message: `没有送达。 Not sent: ${error.message}` }] }, []);
  }
}

// What a question cost, each beside its bound: `复杂度 complexity 241 / 200,000`.
function cost(extensions) {
  const costs = extensions?.cost ?? {};
  return [['complexity', '复杂度'], ['depth', '深度']].filter(([key]) => key in costs).map(([key, zh]) =>
    `${zh} ${key} ${[costs[key], costs[`${key}_limit`]].map(value => value?.toLocaleString('en-US')).filter(Boolean).join(' / ')}`);
}

function show(said, facts) {
  answer = said;
  const lists = listsIn(said.data);
  byId('list').replaceChildren(...lists.map(path => element('option', {}, path)));
  byId('list').value = usualList(lists) ?? '';
  byId('rows-of').hidden = lists.length < 2;
  showErrors(said.errors ?? []);
  byId('json').textContent = JSON.stringify(said, null, 2);
  const rows = showTable();
  const total = Object.values(said.data ?? {}).find(value => typeof value?.totalCount === 'number')?.totalCount;
  const count = !lists.length ? [] : [total === undefined ? `${rows} 行 rows` : `${rows} 行 rows / ${total}`];
  byId('status').textContent = [...count, ...facts, ...cost(said.extensions)].join(' · ');
  showMore(said.data);
  // on a phone the answer stands below the query
  if (matchMedia('(max-width: 55.99rem)').matches) byId('reply-h').scrollIntoView({ block: 'start' });
}

function showErrors(errors) {
  editor.mark(errors.flatMap(error => error.locations ?? []));
  byId('errors').hidden = !errors.length;
  byId('errors').replaceChildren(...errors.map(error => {
    const { code, title, advice, ...rest } = error.extensions ?? {}; // the message says more than the title
    const places = (error.locations ?? []).map(place => button(
      both(`第 ${place.line} 行第 ${place.column} 列`, `line ${place.line}, column ${place.column}`), () => editor.goTo(place), { class: 'link' }));
    const line = element('li', { class: 'error' }, element('span', { class: 'tag' }, ...both('错误', 'Error')), error.message, advice ? element('small', {}, advice) : '');
    const extra = [code && element('code', {}, code), ...places, error.path?.length && element('code', {}, error.path.join('.')),
      Object.keys(rest).length && element('code', {}, JSON.stringify(rest))].filter(Boolean);
    if (extra.length) line.append(element('div', { class: 'group' }, ...extra));
    return line;
  }));
}

// May break after a dot, where a head is long.
const breakable = head => head.split(/(?<=\.)/).flatMap(part => [part, element('wbr')]).slice(0, -1);

function showTable() {
  const table = answer?.data ? tableOf(answer.data, byId('list').value) : { heads: [], rows: [] };
  byId('csv').disabled = !table.heads.length;
  if (!table.heads.length) {
    byId('table').replaceChildren(answer?.data ? element('p', { class: 'note' }, ...both('没有一行。', 'No rows.')) : '');
    return 0;
  }
  const numeric = table.heads.map((_, at) => table.rows.some(row => typeof row[at] === 'number') && table.rows.every(row => typeof (row[at] ?? 0) === 'number'));
  const longest = table.heads.map((_, at) => table.rows.reduce((most, row) => Math.max(most, String(row[at] ?? '').length), 0));
  const kind = at => (numeric[at] ? { class: 'n' } : longest[at] > 60 ? { class: 'prose' } : longest[at] > 8 ? { class: 'wordy' } : {});
  const cell = value => (value === null || value === undefined ? element('i', {}, value === null ? 'null' : '') : String(value));
  byId('table').replaceChildren(element('table', {},
    element('thead', {}, element('tr', {}, ...table.heads.map((head, at) => element('th', { scope: 'col', ...kind(at) }, ...breakable(head))))),
    element('tbody', {}, ...table.rows.slice(0, ROWS_SHOWN).map(row => element('tr', {}, ...row.map((value, at) => element('td', kind(at), cell(value))))))));
  if (table.rows.length > ROWS_SHOWN) byId('table').append(element('p', { class: 'note' },
    ...both(`只显示前 ${ROWS_SHOWN} 行，CSV 有全部 ${table.rows.length} 行。`, `The first ${ROWS_SHOWN} rows; the CSV has all ${table.rows.length}.`)));
  return table.rows.length;
}

// Where the query takes `$after`, the next page is a press away.
function showMore(data) {
  const page = Object.values(data ?? {}).find(value => value?.pageInfo?.hasNextPage)?.pageInfo;
  const next = page?.endCursor && /\$after\s*:/.test(query.value) ? page.endCursor : null;
  byId('more').hidden = !next;
  byId('next').onclick = () => {
    variables.value = JSON.stringify({ ...readVariables(), after: next }, null, 2);
    run();
  };
}

function view(asJson) {
  byId('as-table').setAttribute('aria-pressed', String(!asJson));
  byId('as-json').setAttribute('aria-pressed', String(asJson));
  byId('json').hidden = !asJson;
  byId('table').hidden = asJson;
}

function download() {
  const path = byId('list').value;
  const url = URL.createObjectURL(new Blob([csvOf(tableOf(answer.data, path))], { type: 'text/csv;charset=utf-8' }));
  const link = element('a', { href: url, download: `gongkai-${(path || 'answer').replaceAll('.', '-')}.csv` });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function keep() {
  clearTimeout(keeping);
  const words = new URLSearchParams({ query: query.value });
  if (variables.value.trim()) words.set('variables', variables.value);
  history.replaceState(null, '', `${location.pathname}#${words}`);
}

function keepSoon() {
  clearTimeout(keeping);
  keeping = setTimeout(keep, 400);
}

function put(text, values) {
  editor.set(text);
  variables.value = values;
}

// True where the address holds a query.
function fromAddress() {
  const words = [location.hash.slice(1), location.search].map(text => new URLSearchParams(text)).find(each => each.has('query'));
  if (words) {
    put(words.get('query'), words.get('variables') ?? '');
    byId('examples').value = '';
  }
  return Boolean(words);
}

function putExample(index) {
  byId('examples').value = String(index);
  const { query: text, variables: values } = EXAMPLES[index];
  put(text, Object.keys(values).length ? JSON.stringify(values, null, 2) : '');
}

function openDocs(open) {
  byId('docs').hidden = !open;
  byId('docs-open').setAttribute('aria-expanded', String(open));
  byId(open ? 'docs-search' : 'docs-open').focus();
}

async function learn() {
  const { said } = await ask({ query: INTROSPECTION, operationName: 'Introspection' });
  if (!said.data) throw new Error(said.errors[0].message);
  schema = readSchema(said.data);
  docs.setSchema(schema);
  editor.draw();
  if (schema.types.get('Measure')?.fields?.some(field => field.name === 'code')) {
    const measures = await ask({ query: '{ measures { code } }' });
    codes = (measures.said.data?.measures ?? []).map(({ code }) => ({ label: code }));
  }
}

byId('examples').append(element('option', { value: '', disabled: '' }, '自己的查询 / A query of your own'), ...EXAMPLES.map(({ zh, en }, index) => element('option', { value: String(index) }, `${zh} / ${en}`)));
byId('examples').addEventListener('change', event => { putExample(Number(event.target.value)); run(); });
byId('run').addEventListener('click', run);
byId('complete').addEventListener('click', () => editor.suggest());
byId('as-table').addEventListener('click', () => view(false));
byId('as-json').addEventListener('click', () => view(true));
byId('list').addEventListener('change', showTable);
byId('csv').addEventListener('click', download);
byId('docs-open').addEventListener('click', () => openDocs(byId('docs').hidden));
byId('docs-close').addEventListener('click', () => openDocs(false));
byId('docs').addEventListener('keydown', event => { if (event.key === 'Escape') openDocs(false); });
variables.addEventListener('input', keepSoon);
variables.addEventListener('keydown', event => {
  if ((event.ctrlKey || event.metaKey) && event.key === 'Enter') { event.preventDefault(); run(); }
});
addEventListener('hashchange', () => fromAddress() && run());

if (fromAddress()) run(); else putExample(0);
learn().catch(error => docs.fail(error.message));
