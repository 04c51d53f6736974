// Two systems of the reader's choice: the summary's numbers of the pair, the questions that only one
// of them has right, and the two answers to one of these side by side.

const kFlipPage = 100;  // Questions shown of each list before "more".

// The pair's questions, as harness/summary/pairing.cpp pairs them: marked on both sides and asked in
// the same words of both. Samples of A, and where its answer to the question is B's.
function pairSamples(store, a, b) {
  const {system, marked, prompt, outcome} = store.column;
  const right = store.outcomes.findIndex(([name]) => name === 'right');
  const pair = {paired: 0, otherwise: 0, onlyA: [], onlyB: []};
  for (let question = 0; question < store.questions.length; ++question) {
    let ofA = -1;
    let ofB = -1;
    for (let sample = store.first[question]; sample < store.first[question + 1]; ++sample) {
      if (!marked[sample]) continue;
      if (system[sample] === a) ofA = sample;
      if (system[sample] === b) ofB = sample;
    }
    if (ofA < 0 || ofB < 0) continue;
    if (prompt[ofA] !== prompt[ofB]) {
      ++pair.otherwise;
      continue;
    }
    ++pair.paired;
    const [hitA, hitB] = [outcome[ofA] === right, outcome[ofB] === right];
    if (hitA && !hitB) pair.onlyA.push([ofA, ofB]);
    if (hitB && !hitA) pair.onlyB.push([ofA, ofB]);
  }
  return pair;
}

// A metric of the table's row, turned round where the row has the two the other way: a difference
// changes its sign, a ratio becomes its inverse.
function pairMetric(row, tag, swapped) {
  const cell = row.querySelector(`[data-pair="${tag}"]`);
  if (!cell) return null;
  const ends = ['value', 'low', 'high'].map(
      name => cell.dataset[name] === undefined ? null : Number(cell.dataset[name]));
  const turn = {difference: x => -x, cost_ratio: x => 1 / x}[tag];
  if (!swapped || !turn) return ends;
  const [value, low, high] = ends.map(x => x === null ? null : turn(x));
  return [value, high, low];
}

function pairText(ends, format) {
  if (!ends) return '—';
  const [value, low, high] = ends;
  return format(value) + (low === null ? '' : ` [${format(low)}, ${format(high)}]`);
}

function pairNumbers(root, store, a, b, pair) {
  const rows = [...root.parentElement.querySelectorAll('table.pairs tbody tr')];
  const find = (x, y) => rows.find(row => row.dataset.a === String(x) && row.dataset.b === String(y));
  const row = find(a, b) || find(b, a);
  const swapped = row !== undefined && row === find(b, a);
  const list = make('dl', {});
  const add = (name, text) => list.append(make('dt', {}, label(name)), make('dd', {}, text));
  const points = value => (100 * value).toFixed(1);
  if (row) {
    const metric = tag => pairMetric(row, tag, swapped);
    add('A − B, points', pairText(metric('difference'), points));
    add('detectable, points', pairText(metric('minimum_detectable'), points));
    add('p, McNemar', pairText(metric('p_value'), p => p < 1e-4 ? '<0.0001' : p.toFixed(4)));
    add('cost per correct, A over B', pairText(metric('cost_ratio'), significant));
  }
  add('questions of both', pair.paired.toLocaleString('en'));
  if (pair.otherwise) add('asked in other words, left out', pair.otherwise.toLocaleString('en'));
  if (row) return [list];
  const [runA, runB] = [store.systems[a], store.systems[b]];
  return [list, make('p', {class: 'soft'}, runA.run === runB.run
      ? label('No difference: this pair is not in the summary.')
      : label('Difference, interval and test of two runs: pingjia compare {} {}',
              runA.run + ':' + runA.system, runB.run + ':' + runB.system))];
}

// The page's address with these changes.
function addressWith(changes) {
  const hash = location.hash.slice(1);
  const values = new URLSearchParams(hash.includes('=') ? hash : '');
  for (const [key, value] of Object.entries(changes)) values.set(key, value);
  return '#' + values;
}

// A link that changes the view in place, and that can be copied and sent.
function viewLink(changes, then, ...children) {
  const link = make('a', {href: addressWith(changes)}, ...children);
  link.addEventListener('click', event => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    state.set(changes);
    then();
  });
  return link;
}

function flipRow(store, [ofA], then) {
  const question = store.column.question[ofA];
  const [id, repeat, teaser] = store.questions[question];
  const key = sampleKey(store, ofA);
  const suite = store.suites[store.suiteOf[question]].name;
  const link = viewLink({flip: key}, then, make('code', {}, repeat ? id + ' #' + (repeat + 1) : id),
                        make('span', {}, teaser), make('small', {class: 'soft'}, suite));
  link.dataset.flip = key;
  return make('li', {}, link);
}

function flipList(store, who, flips, then) {
  const list = make('ul', {class: 'flip-list'});
  const more = make('button', {type: 'button', class: 'tool'});
  const add = () => {
    const from = list.children.length;
    list.append(...flips.slice(from, from + kFlipPage).map(flip => flipRow(store, flip, then)));
    const left = flips.length - list.children.length;
    more.hidden = left === 0;
    more.replaceChildren(label('{} more', Math.min(left, kFlipPage)));
  };
  more.addEventListener('click', add);
  add();
  return make('div', {}, make('h4', {}, label('Only {} is right: {}', who, flips.length)), list, more);
}

// What can be compared of an answer, and what shows it.
function sideBySide(store, samples, answers) {
  const texts = answers.map(answer => answer.t || '');
  const diff = wordDiff(texts[0], texts[1]);
  const plain = answers.some(answer => answer.s);
  const same = texts[0] === texts[1];
  const sides = answers.map((answer, i) => {
    const node = make('section', {});
    const who = store.systems[store.column.system[samples[i]]].label;
    const head = make('h4', {}, (i ? 'B' : 'A') + ' ', signOf(store, samples[i]), ' ', who, ' — ');
    head.append(outcomeName(store, samples[i]));
    node.append(head);
    if (answer.k) node.append(folded(label('What it thought first'), ...textBox(answer.k, answer.kc)));
    if (plain) node.append(answer.s ? scoreTable(answer.s) : textBox(answer.t, answer.tc)[0]);
    else node.append(diffBox(i ? diff.b : diff.a), ...textBox(answer.t, answer.tc).slice(1));
    node.append(factList(store, samples[i], answer));
    node.append(viewLink({sample: sampleKey(store, samples[i])},
                         () => document.getElementById('samples').scrollIntoView(),
                         label('In the sample browser')));
    return node;
  });
  const note = plain ? [] : [make('p', {class: 'soft'}, label(
      same ? 'The two texts are the same.' : diff.coarse
          ? 'They are too long to compare word by word: all between the first and the last ' +
            'difference is marked.'
          : 'What differs is marked.'))];
  return [...note, make('div', {class: 'pair-sides'}, ...sides)];
}

// B's answer to the question of A's sample, or -1.
function answerOf(store, question, system) {
  for (let sample = store.first[question]; sample < store.first[question + 1]; ++sample) {
    if (store.column.system[sample] === system) return sample;
  }
  return -1;
}

async function openFlip(store, box, b, key, isWanted) {
  const ofA = sampleOf(store, key);
  const question = ofA < 0 ? -1 : store.column.question[ofA];
  const ofB = ofA < 0 ? -1 : answerOf(store, question, b);
  const close = make('button', {type: 'button', class: 'tool close'}, label('Close'));
  close.addEventListener('click', () => state.set({flip: ''}));
  if (ofB < 0) {
    box.replaceChildren(close, make('p', {}, label('This question is not in the report.')));
    return;
  }
  const texts = await questionTexts(store, question);
  if (!isWanted()) return;  // Another was opened meanwhile.
  const at = sample => texts.a[sample - store.first[question]];
  const suite = store.suites[store.suiteOf[question]];
  box.replaceChildren(close, make('h3', {}, make('code', {}, store.questions[question][0]), ' ',
                                  make('span', {class: 'soft'}, suite.name)),
                      ...messageBoxes(texts.m),
                      make('p', {}, label('Expected:'), ' ', make('b', {dir: 'auto'}, texts.g || '—')),
                      ...sideBySide(store, [ofA, ofB], [at(ofA), at(ofB)]));
}

function comparePair(root, store) {
  const find = selector => root.querySelector(selector);
  const box = find('.pair-answers');
  const place = key => store.systems.findIndex(one => one.label === state.get(key));
  let told = '';  // The pair whose flips are listed.
  const reach = () => {
    box.focus({preventScroll: true});
    box.scrollIntoView({block: 'nearest'});
  };
  function showFlip() {
    const key = state.get('flip');
    box.hidden = key === '' || place('a') === place('b');
    for (const link of root.querySelectorAll('.flip-list a')) {
      if (link.dataset.flip === key) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
    if (!box.hidden) openFlip(store, box, place('b'), key, () => state.get('flip') === key);
  }
  function showPair() {
    const [a, b] = [place('a'), place('b')];
    if (a === b || a < 0 || b < 0) {
      find('.pair-numbers').replaceChildren(make('p', {class: 'reason'}, label('Choose two systems.')));
      find('.pair-flips').replaceChildren();
      return showFlip();
    }
    const pair = pairSamples(store, a, b);
    const none = make('p', {class: 'reason'},
                      label('These two share no question that both were marked on.'));
    find('.pair-numbers').replaceChildren(...pair.paired ? pairNumbers(root, store, a, b, pair) : [none]);
    find('.pair-flips').replaceChildren(...pair.paired ? [
      flipList(store, store.systems[a].label, pair.onlyA, reach),
      flipList(store, store.systems[b].label, pair.onlyB, reach)] : []);
    // An open question of another pair is none of this one.
    const now = a + ' ' + b;
    const of = sampleOf(store, state.get('flip'));
    if (told && told !== now && of >= 0 && store.column.system[of] !== a) state.set({flip: ''});
    told = now;
    showFlip();
  }
  root.hidden = false;
  state.watch(['a', 'b'], showPair);
  state.watch(['flip'], showFlip);
}

whenSamples.push(store => {
  const root = document.getElementById('pair');
  if (root) comparePair(root, store);
});
