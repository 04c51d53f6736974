// Draws a chart of the hardware section again after a change of prices, as reports/svg/bars.cpp and
// reports/svg/cost_lines.cpp drew it first.

const kChartFont = 12;

// Three significant digits without exponent, thousands separated: as reports/columns.cpp.
function significant(value) {
  const decimals = value === 0 || !isFinite(value) ? 0
      : Math.min(Math.max(2 - Math.floor(Math.log10(Math.abs(value))), 0), 12);
  return value.toLocaleString('en-US',
                              {minimumFractionDigits: decimals, maximumFractionDigits: decimals});
}

function svgNode(tag, attributes, ...children) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) {
    node.setAttribute(name, typeof value === 'number' ? value.toFixed(1) : value);
  }
  node.append(...children);
  return node;
}

const svgLine = (x1, y1, x2, y2, style) => svgNode('line', {x1, y1, x2, y2, class: style});
const svgText = (x, y, text, style, anchor = 'start') =>
    svgNode('text', {x, y, class: style, 'text-anchor': anchor}, text);
// A title of an axis in the page's language: a text of the interface or "heading, unit".
function titleText(text) {
  if (text in words) return word(text);
  const comma = text.lastIndexOf(', ');
  return comma < 0 ? text : word('{}, {}', text.slice(0, comma), text.slice(comma + 2));
}
const chartTextWidth = text => 0.63 * kChartFont * text.length;
const elided = (text, most) => text.length > most ? text.slice(0, most - 1) + '…' : text;
const seriesClass = series => 's' + series % 8;

// The series' mark, from the legend's icon, around (x, y).
function svgMark(icon, x, y) {
  const shape = icon.firstElementChild.cloneNode();
  shape.setAttribute('transform', `translate(${(x - 7).toFixed(1)} ${(y - 7).toFixed(1)})`);
  return svgNode('g', {class: 'mark'}, shape);
}

function roundLabel(value) {
  return significant(value).replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
}

const tickFits = (list, at, gap) =>
    list.every((value, i) => i === 0 || Math.abs(at(value) - at(list[i - 1])) >= gap);

function logTicks(low, high, at, gap) {
  const list = (steps, every = 1) => {
    const found = [];
    for (let decade = Math.floor(Math.log10(low)); decade <= Math.ceil(Math.log10(high)); ++decade) {
      if (decade % every) continue;
      for (const step of steps) {
        const value = step * 10 ** decade;
        if (value >= low * 0.999 && value <= high * 1.001) found.push(value);
      }
    }
    return found;
  };
  const usual = list([1, 2, 5]);
  for (const steps of usual.length < 3 ? [[1, 1.5, 2, 3, 4, 5, 6, 8], [1, 2, 3, 5, 7]] : []) {
    if (tickFits(list(steps), at, gap)) return list(steps);
  }
  for (const found of [usual, list([1, 3])]) if (tickFits(found, at, gap)) return found;
  for (let every = 1; every < 40; ++every) {
    if (tickFits(list([1], every), at, gap)) return list([1], every);
  }
  return [];
}

function linearTicks(high, at, gap) {
  for (let step = 10 ** Math.floor(Math.log10(high / 1000));; step *= 10) {
    for (const round of [1, 2, 5]) {
      const list = Array.from({length: Math.floor(high / (step * round) + 1e-9) + 1},
                              (_, i) => i * step * round);
      const decimals = Math.max(0, -Math.floor(Math.log10(step * round) + 1e-9));
      if (tickFits(list, at, gap)) return [list, value => value.toFixed(decimals)];
    }
  }
}

// [value, label] of as many ticks as have room for their labels.
function spacedTicks(ticksAt, gap) {
  for (;; gap += 8) {
    const [list, label] = ticksAt(gap);
    const ticks = list.map(value => [value, label(value)]);
    if (ticks.length < 2 || Math.max(...ticks.map(tick => chartTextWidth(tick[1]))) + 8 <= gap) {
      return ticks;
    }
  }
}

// What the picture says stands beside it for those who cannot see it.
function finishChart(svg, nodes, title) {
  svg.replaceChildren(...nodes);
  const points = [...svg.querySelectorAll('title')].map(node => node.textContent);
  svg.setAttribute('aria-label', [title, ...points].join('. ') + '.');
  addPoints(svg);
}

// bars: [{label, series, value, low, high}], value null where it is unknown.
function drawBars(svg, bars, title) {
  const [width, height] = [svg.viewBox.baseVal.width, svg.viewBox.baseVal.height];
  const [top, row, left, bottom] = [6, 38, 8, height - 44];
  const most = Math.max(...bars.map(bar => Math.max(bar.value ?? 0, bar.high ?? 0))) || 1;
  const x = value => left + value / most * (width - 66 - left);
  const nodes = [];
  for (const [tick, text] of spacedTicks(gap => linearTicks(most, x, gap), 40)) {
    nodes.push(svgLine(x(tick), top, x(tick), bottom, 'grid'),
               svgText(Math.max(x(tick), chartTextWidth(text) / 2), bottom + 16, text, '', 'middle'));
  }
  nodes.push(svgLine(left, top, left, bottom, 'axis'),
             svgText(width - 12, height - 6, titleText(title), 'name', 'end'));
  bars.forEach((bar, i) => {
    const [at, middle] = [top + row * i, top + row * i + 25];
    const known = bar.value !== null;
    const ranged = known && bar.low !== null && bar.high !== null;
    const amount = known ? significant(bar.value) : '—';
    const said = bar.label + ': ' + (known ? amount : word('unknown')) +
        (ranged ? ` [${significant(bar.low)}, ${significant(bar.high)}]` : '');
    const group = svgNode('g', {class: seriesClass(bar.series)}, svgNode('title', {}, said),
        svgNode('g', {class: 'mark step'},
                svgNode('rect', {x: left, y: middle - 6.5, height: 13,
                                 width: known ? Math.max(1.5, x(bar.value) - left) : 0})));
    let reach = x(bar.value ?? 0);
    if (ranged) {
      const [from, to] = [x(bar.low), x(bar.high)];
      reach = Math.max(reach, to);
      group.append(svgNode('path', {class: 'whisker', d: `M${from} ${middle}H${to}M${from} ` +
                                    `${middle - 4}v8M${to} ${middle - 4}v8`}));
    }
    nodes.push(group, svgText(left, at + 14, elided(bar.label, 42), 'name'),
               svgText(reach + 6, middle + 4, amount, 'halo'));
  });
  finishChart(svg, nodes, title);
}

// Names at the right ends, pushed apart downwards, then back up where the bottom is reached.
function lineNames(lines, x, y, top, bottom) {
  const names = lines.map(line => ({line, y: y(line.spots[line.spots.length - 1].y)}))
      .sort((a, b) => a.y - b.y);
  if (names.length * 14 > bottom - top) return [];
  let least = top + 4;
  for (const name of names) {
    name.y = Math.max(name.y, least);
    least = name.y + 14;
  }
  let most = bottom;
  for (const name of names.reverse()) {
    name.y = Math.min(name.y, most);
    most = name.y - 14;
  }
  return names.map(({line, y: at}) => svgNode('g', {class: seriesClass(line.series)},
      svgText(x(line.spots[line.spots.length - 1].x) + 8, at + 4, elided(line.label, 19), 'label')));
}

function chartFrame(canvas, x, y, chart) {
  const nodes = [];
  for (const [tick, text] of spacedTicks(gap => [logTicks(x.low, x.high, x, gap), roundLabel], 26)) {
    nodes.push(svgLine(x(tick), canvas.top, x(tick), canvas.bottom, 'grid'),
               svgText(x(tick), canvas.bottom + 16, text, '', 'middle'));
  }
  for (const tick of logTicks(y.low, y.high, y, 36)) {
    nodes.push(svgLine(canvas.left, y(tick), canvas.right, y(tick), 'grid'),
               svgText(canvas.left - 7, y(tick) + 4, roundLabel(tick), '', 'end'));
  }
  nodes.push(svgLine(canvas.left, canvas.bottom, canvas.right, canvas.bottom, 'axis'),
             svgText(4, 13, titleText(chart.y_title), 'name'),
             svgText(canvas.right, canvas.bottom + 38, titleText(chart.x_title), 'name', 'end'));
  return nodes;
}

function logScale(low, high, from, to) {
  const scale = value => from + Math.log(value / low) / Math.log(high / low) * (to - from);
  return Object.assign(scale, {low, high});
}

// A number beside each ring, where it covers none that stands there already.
function flipNumbers(flips, x, y, right) {
  const taken = [];
  return flips.flatMap(flip => {
    const text = significant(flip.x);
    const width = chartTextWidth(text);
    const places = [[0, -13], [0, 22], [-width / 2 - 10, 5], [width / 2 + 10, 5]].map(
        ([aside, down]) => ({left: x(flip.x) - width / 2 + aside, top: y(flip.y) + down - 11}));
    const free = places.find(at => at.left > 46 && at.left + width < right && taken.every(
        other => at.left > other.left + other.width + 4 || other.left > at.left + width + 4 ||
                 Math.abs(at.top - other.top) > 15));
    if (!free) return [];
    taken.push({...free, width});
    return [svgText(free.left + width / 2, free.top + 11, text, 'halo', 'middle')];
  });
}

// chart: {lines: [{label, series, icon, level, spots: [{x, y, marked}]}], flips: [{x, y, title}],
// x_title, y_title}
function drawLines(svg, chart) {
  const [width, height] = [svg.viewBox.baseVal.width, svg.viewBox.baseVal.height];
  const canvas = {left: 46, top: 26, right: width - 12, bottom: height - 44};
  const named = width >= 560;
  const spots = chart.lines.flatMap(line => line.spots);
  const [xs, ys] = [spots.map(spot => spot.x), spots.map(spot => spot.y)];
  const right = named ? width - 170 : canvas.right;
  const [low, high] = [Math.min(...ys), Math.max(...ys)];
  const padding = Math.max(1.25, Math.sqrt(5 * low / high));
  const y = logScale(low / padding, high * padding, canvas.bottom, canvas.top);
  // Small prices have long labels.
  canvas.left = Math.max(canvas.left, 12 + Math.max(
      ...logTicks(y.low, y.high, y, 36).map(tick => chartTextWidth(roundLabel(tick)))));
  const x = logScale(Math.min(...xs), Math.max(...xs), canvas.left, right);
  const nodes = chartFrame(canvas, x, y, chart);
  for (const line of chart.lines) {
    const path = line.spots.map((spot, i) => (i ? 'L' : 'M') + x(spot.x).toFixed(1) + ' ' +
                                             y(spot.y).toFixed(1)).join('');
    nodes.push(svgNode('g', {class: seriesClass(line.series)},
                       svgNode('path', {class: 'curve' + (line.level ? ' thin d1' : ''), d: path})));
    for (const spot of line.spots.filter(one => one.marked)) {
      nodes.push(svgNode('g', {class: seriesClass(line.series)},
          svgNode('title', {}, `${line.label}: ${significant(spot.x)} → ${significant(spot.y)}`),
          svgMark(line.icon, x(spot.x), y(spot.y))));
    }
  }
  for (const flip of chart.flips) {
    nodes.push(svgNode('g', {class: 'flip'}, svgNode('title', {}, flip.title),
                       svgNode('circle', {cx: x(flip.x), cy: y(flip.y), r: 6})));
  }
  nodes.push(...flipNumbers(chart.flips.slice(0, 8), x, y, right));
  if (named) nodes.push(...lineNames(chart.lines, x, y, canvas.top, canvas.bottom));
  finishChart(svg, nodes, chart.y_title + ', ' + chart.x_title);
}
