// The home page's two live parts: the years that are in, and the check of a
// file before it is published. Without script the page reads just as well.

import { both, byId, element } from './elements.js';

// A missing number is not zero: it is shown as a dash, named for screen readers.
function shown(value) {
  if (value !== null && value !== undefined) return typeof value === 'number' ? value.toLocaleString('en-US') : String(value);
  const dash = element('span', {}, element('span', { 'aria-hidden': 'true' }, '—'));
  dash.append(element('span', { class: 'out' }, '无数据 no number'));
  return dash;
}

async function showYears() {
  const note = byId('years-note');
  try {
    const response = await fetch('/api/v1/years', { headers: { Accept: 'application/json' } });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const { data } = await response.json();
    if (!data.length) {
      note.replaceChildren(...both('还没有报告。用 gongkai import 导入。', 'No reports yet. Bring some in with gongkai import.'));
      return;
    }
    const rows = [...data].sort((a, b) => b.year - a.year).map(row => {
      const address = `/api/v1/reports?year=${encodeURIComponent(row.year)}`;
      return element('tr', {},
        element('th', { scope: 'row' }, element('a', { href: address }, String(row.year))),
        ...['reports', 'missing', 'late'].map(key => element('td', { class: 'n' }, shown(row[key]))),
        ...['agency_deadline', 'government_deadline'].map(key => element('td', {}, shown(row[key]))));
    });
    byId('years').querySelector('tbody').replaceChildren(...rows);
    byId('years').hidden = false;
    note.replaceChildren(...both('“未见”是应有而库中没有的报告，不等于没有发布。', '“Missing” reports are expected but not in this record; they may well have been published.'));
  } catch {
    note.prepend(element('span', {}, ...both('现在读不到。', 'Not available just now.')), ' ');
  }
}

const SEVERITIES = { error: ['错误', 'Error'], warning: ['警告', 'Warning'], notice: ['提示', 'Notice'] };
const CELLS_SHOWN = 8; // a sum may have twenty; all stand in what was read
const FLOW = [
  ['requests.received.total', '本年新收', 'Received'], ['requests.carried_over_in.total', '上年结转', 'Carried over in'],
  ['requests.total.total', '办理结果总计', 'Results, total'], ['requests.carried_over_out.total', '结转下年', 'Carried over out'],
];

function facts(report) {
  const agency = report.agency ?? {};
  const rows = [
    ['机关', 'Agency', agency.name], ['年度', 'Year', report.year === undefined ? null : String(report.year)],
    ['标题', 'Title', report.title], ['地区代码', 'Region code', agency.region_code], ['发布日期', 'Published on', report.published_on],
    ['格式', 'Form', report.template],
    ...FLOW.map(([path, zh, en]) => [zh, en, path.split('.').reduce((part, key) => part?.[key], report) ?? null]),
  ];
  return element('dl', { class: 'facts' }, ...rows.flatMap(([zh, en, value]) => [
    element('dt', {}, ...both(zh, en)), element('dd', {}, shown(value))]));
}

// In both languages where there are both.
const sentence = ({ message, message_zh: zh }) => (zh && message ? [zh, element('small', { lang: 'en' }, message)] : [zh ?? message ?? '']);

function finding(item) {
  const [zh, en] = SEVERITIES[item.severity] ?? [item.severity, item.severity];
  const line = element('li', { class: item.severity }, element('span', { class: 'tag' }, ...both(zh, en)), ...sentence(item));
  const cells = item.cells ?? [];
  const more = cells.length > CELLS_SHOWN ? [`… +${cells.length - CELLS_SHOWN}`] : [];
  const sides = [item.left, item.right].every(side => side !== null && side !== undefined) ? `${item.left} ≠ ${item.right} · ` : '';
  line.append(element('small', {}, sides, element('code', {}, [item.check, ...cells.slice(0, CELLS_SHOWN), ...more].join('  '))));
  return line;
}

function section(zh, en, items) {
  return items.length ? [element('h4', {}, ...both(zh, `${en} (${items.length})`)), element('ul', { class: 'list' }, ...items)] : [];
}

function failure(name, title, detail, code) {
  const box = element('article', { class: 'answer' }, element('h3', {}, name));
  box.append(element('ul', { class: 'list' }, element('li', { class: 'error' },
    element('span', { class: 'tag' }, title), detail ?? '', code ? element('small', {}, element('code', {}, code)) : '')));
  return box;
}

function answer(name, { report, refused }) {
  if (refused) return failure(name, '未能读取 Refused', refused.message, refused.code);
  if (!report) return failure(name, '没有结果 No answer', '', '');
  const order = Object.keys(SEVERITIES);
  const findings = [...(report.findings ?? [])].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
  const notes = (report.notes ?? []).map(note => element('li', {}, ...sentence(note), element('small', {}, element('code', {}, note.code ?? ''))));
  return element('article', { class: 'answer' }, element('h3', {}, name), facts(report),
    ...(findings.length ? section('核对结果', 'Findings', findings.map(finding))
      : [element('h4', {}, ...both('未发现不一致之处', 'Nothing found that disagrees'))]),
    ...section('读取说明', 'Notes', notes),
    element('details', { class: 'note' }, element('summary', {}, ...both('读出的全部内容', 'Everything that was read')),
      element('pre', { tabindex: '0' }, JSON.stringify(report, null, 2))));
}

async function check(file) {
  byId('check-status').replaceChildren(...both(`正在检查 ${file.name}…`, 'Checking…'));
  byId('check-answer').replaceChildren();
  let box;
  try {
    const response = await fetch('/api/v1/check', {
      method: 'POST', body: file, headers: { 'Content-Type': 'application/octet-stream', Accept: 'application/json' } });
    const body = await response.json().catch(() => ({}));
    box = response.ok ? answer(file.name, body)
      : failure(file.name, body.title ?? `HTTP ${response.status}`, body.detail, body.code);
  } catch {
    box = failure(file.name, '没有送达 Not sent', '连接中断，文件也许超过大小限制。 The connection broke; the file may be over the size limit.');
  }
  byId('check-answer').replaceChildren(box);
  byId('check-status').replaceChildren(...both('检查完毕。', 'Checked.'));
}

function setUpCheck() {
  const form = byId('check-form');
  const input = byId('check-file');
  form.hidden = false;
  byId('origin').textContent = location.origin;
  form.addEventListener('submit', event => event.preventDefault());
  input.addEventListener('click', () => { input.value = ''; }); // so that a mended file can be chosen again
  input.addEventListener('change', () => input.files[0] && check(input.files[0]));
  for (const kind of ['dragenter', 'dragover']) form.addEventListener(kind, event => { event.preventDefault(); form.classList.add('over'); });
  for (const kind of ['dragleave', 'drop']) form.addEventListener(kind, () => form.classList.remove('over'));
  form.addEventListener('drop', event => {
    event.preventDefault();
    const [file] = event.dataTransfer.files;
    if (!file) return;
    input.value = '';
    check(file);
  });
}

setUpCheck();
showYears();
