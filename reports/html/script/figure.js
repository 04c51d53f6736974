// What every figure can do: its points say their numbers to mouse and keyboard, and it can be taken
// away as CSV (of its table) or SVG (of its chart).

function save(name, type, text) {
  const link = make('a', {download: name, href: URL.createObjectURL(new Blob([text], {type}))});
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// RFC 4180; a cell's exact value where it has one.
function csvOf(table) {
  const cell = node => {
    const text = node.dataset.value ?? node.textContent.trim();
    return /[",\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
  };
  const bounds = node => node.dataset.low === undefined ? [] : [node.dataset.low, node.dataset.high ?? ''];
  const wide = new Set();  // Columns with an interval get two more.
  for (const row of table.rows) {
    [...row.cells].forEach((node, i) => { if (node.dataset.low !== undefined) wide.add(i); });
  }
  const line = row => [...row.cells].flatMap((node, i) => {
    if (!wide.has(i)) return [cell(node)];
    if (node.tagName === 'TH') return [cell(node), cell(node) + ' low', cell(node) + ' high'];
    return [cell(node), ...(bounds(node).length ? bounds(node) : ['', ''])];
  }).join(',');
  return [...table.rows].map(line).join('\r\n') + '\r\n';
}

// The chart alone, with the colours it has on this page.
function svgOf(chart) {
  const copy = chart.cloneNode(true);
  const size = chart.viewBox.baseVal;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', size.width);
  copy.setAttribute('height', size.height);
  const root = getComputedStyle(document.documentElement);
  let colours = '';
  for (const name of ['--bg', '--fg', '--soft', '--line', '--band', '--link', '--good', '--bad',
                      '--warn', ...Array.from({length: 8}, (_, i) => '--c' + i)]) {
    colours += name + ':' + root.getPropertyValue(name) + ';';
  }
  const style = document.createElementNS('http://www.w3.org/2000/svg', 'style');
  style.textContent = 'svg{' + colours + 'background:' + root.getPropertyValue('--bg') +
      ';font-family:sans-serif}' + document.querySelector('style').textContent;
  copy.prepend(style);
  return new XMLSerializer().serializeToString(copy);
}

function visibleChart(figure) {
  return [...figure.querySelectorAll('svg.plot')].find(chart => chart.getBoundingClientRect().width > 0);
}

function addTools(figure) {
  const bar = make('p', {class: 'figure-tools'});
  const table = figure.querySelector('table');
  const tool = (text, act) => {
    const button = make('button', {type: 'button', class: 'tool'}, text);
    button.setAttribute('aria-label', text + ': ' + figure.querySelector('figcaption b').textContent);
    button.addEventListener('click', act);
    bar.append(button);
  };
  if (table) tool('CSV', () => save(figure.id + '.csv', 'text/csv', csvOf(table)));
  if (figure.querySelector('svg.plot')) {
    tool('SVG', () => save(figure.id + '.svg', 'image/svg+xml', svgOf(visibleChart(figure))));
  }
  if (bar.children.length) figure.append(bar);
}

// One tip for all charts; what it says stands in the point's <title> too.
const tip = make('div', {id: 'tip', hidden: ''});

function showTip(point) {
  tip.textContent = point.querySelector('title').textContent;
  tip.hidden = false;
  const at = point.getBoundingClientRect();
  const left = Math.min(Math.max(8, at.left + at.width / 2 - tip.offsetWidth / 2),
                        document.documentElement.clientWidth - tip.offsetWidth - 8);
  tip.style.left = left + scrollX + 'px';
  tip.style.top = Math.max(0, at.top - tip.offsetHeight - 8) + scrollY + 'px';
}

function addPoints(chart) {
  const points = [...chart.querySelectorAll('g')].filter(
      group => group.firstElementChild && group.firstElementChild.tagName === 'title');
  points.forEach((point, i) => {
    // One stop of the tab key for each chart; arrows move inside it.
    point.setAttribute('tabindex', i === 0 ? '0' : '-1');
    point.setAttribute('role', 'img');
    point.setAttribute('aria-label', point.querySelector('title').textContent);
    point.addEventListener('mouseenter', () => showTip(point));
    point.addEventListener('mouseleave', () => { tip.hidden = true; });
    point.addEventListener('focus', () => showTip(point));
    point.addEventListener('blur', () => { tip.hidden = true; });
    point.addEventListener('keydown', event => {
      const step = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key];
      if (event.key === 'Escape') tip.hidden = true;
      if (!step) return;
      event.preventDefault();
      const next = points[(i + step + points.length) % points.length];
      points.forEach(other => other.setAttribute('tabindex', other === next ? '0' : '-1'));
      next.focus();
    });
  });
}

starters.push(() => {
  document.body.append(tip);
  for (const figure of document.querySelectorAll('figure.chart')) {
    addTools(figure);
    figure.querySelectorAll('svg.plot').forEach(addPoints);
  }
});
