// One open sample: what was asked, what every system answered, the raw facts. All of it is text that
// someone else wrote, so it becomes text nodes and nothing else.

// A text of the interface that follows the page's language.
function label(english, ...fill) {
  const node = make('span', {class: 'word'}, word(english, ...fill));
  node.dataset.k = english;
  if (fill.length) node.dataset.a = JSON.stringify(fill);
  return node;
}

function textBox(text, cut) {
  const box = make('pre', {class: 'box', dir: 'auto'}, text);
  if (!cut) return [box];
  return [box, make('p', {class: 'soft'},
                    label('Cut: {} more bytes stand in records.jsonl (pingjia show DIR ID).', cut))];
}

function folded(title, ...children) {
  return make('details', {}, make('summary', {class: 'soft'}, title), ...children);
}

function messageBoxes(messages) {
  return messages.flatMap(([role, text, cut]) => [make('p', {class: 'role'}, role), ...textBox(text, cut)]);
}

// Three digits, or a dash for what is unknown.
function figureText(value, unit, factor = 1) {
  if (!(value >= 0)) return '—';
  const scaled = value * factor;
  const digits = scaled === 0 ? '0' : scaled >= 1000 ? Math.round(scaled).toLocaleString('en')
      : scaled < 1e-4 ? scaled.toExponential(2) : String(Number(scaled.toPrecision(3)));
  return unit === '$' ? '$' + digits : digits + unit;
}

function durationText(seconds) {
  return seconds < 1 ? figureText(seconds, ' ms', 1e3) : figureText(seconds, ' s');
}

function signOf(store, sample) {
  const [, sign, style] = store.outcomes[store.column.outcome[sample]];
  return make('i', {class: style}, sign);
}

function outcomeName(store, sample) {
  const [name] = store.outcomes[store.column.outcome[sample]];
  return label(name || 'not scored');
}

function factList(store, sample, answer) {
  const at = name => store.column[name][sample];
  const list = make('dl', {class: 'sample-facts'});
  const add = (name, value) => list.append(make('dt', {}, label(name)), make('dd', {}, value));
  const failure = store.failures[at('failure')];
  if (failure) add('Failure', failure + ': ' + answer.f.response.failure.message);
  add('Extracted', answer.x || '—');
  if (store.rules[at('rule')]) add('Rule', store.rules[at('rule')]);
  add('Cost', figureText(at('cost'), '$'));
  add('Tokens in, out', figureText(at('input'), '') + ', ' + figureText(at('output'), ''));
  add('First token, whole answer',
      durationText(at('ttft')) + ', ' + durationText(at('total')));
  return list;
}

function scoreTable(scores) {
  const table = make('table', {});
  for (const [continuation, likelihood] of scores) {
    table.insertRow().append(make('td', {class: 'l'}, continuation),
                             make('td', {}, likelihood === null ? '−∞' : likelihood.toFixed(3)));
  }
  return make('div', {class: 'scroll'}, table);
}

// One system's answer; `chosen` when it is the one that was opened.
function answerView(store, sample, answer, chosen) {
  const node = make('section', {class: 'sample-answer' + (chosen ? ' chosen' : '')});
  const who = store.systems[store.column.system[sample]].label;
  node.append(make('h4', {}, signOf(store, sample), ' ', who, ' — ', outcomeName(store, sample)));
  if (answer.m) node.append(folded(label('It was asked differently'), ...messageBoxes(answer.m)));
  if (answer.k) node.append(folded(label('What it thought first'), ...textBox(answer.k, answer.kc)));
  if (answer.s) node.append(scoreTable(answer.s));
  else if (answer.t) node.append(...textBox(answer.t, answer.tc));
  else node.append(make('p', {class: 'soft'}, label('No text came.')));
  node.append(factList(store, sample, answer));
  node.append(folded(label('Request and response'),
                     make('pre', {class: 'box'}, JSON.stringify(answer.f, null, 1))));
  return node;
}

// The whole of it; `texts` is the question's, from questionTexts.
function sampleView(store, sample, texts) {
  const question = store.column.question[sample];
  const suite = store.suites[store.suiteOf[question]];
  const [id, repeat] = store.questions[question];
  const first = store.first[question];
  const title = make('h3', {}, make('code', {}, id), repeat ? ' #' + (repeat + 1) : '', ' ',
                     make('span', {class: 'soft'}, suite.name));
  const asked = make('section', {});
  if (suite.shared.length) {
    asked.append(folded(label('What every request starts with'), ...messageBoxes(suite.shared)));
  }
  asked.append(...messageBoxes(texts.m));
  asked.append(make('p', {}, label('Expected:'), ' ', make('b', {dir: 'auto'}, texts.g || '—')));
  const others = texts.a.map((answer, i) => [first + i, answer]).filter(([other]) => other !== sample);
  const view = [title, asked, answerView(store, sample, texts.a[sample - first], true)];
  if (others.length) view.push(make('h4', {class: 'soft'}, label('The same question to the others')));
  return [...view, ...others.map(([other, answer]) => answerView(store, other, answer, false))];
}
