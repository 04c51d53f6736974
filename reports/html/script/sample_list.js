// The sample browser: a list of which only the rows in sight exist, filters from the page's state, and
// the open sample beside it.

const kSampleRow = 30;       // Height of a row, in CSS pixels, as the style sheet has it.
const kSampleSpare = 8;      // Rows kept on either side of those in sight.
const kPaperRows = 100;      // Printed of the list.
const kTallest = 15000000;   // Browsers hold no taller element; more rows share its height.

function sampleBrowser(root, store) {
  const find = selector => root.querySelector(selector);
  const list = find('.sample-list');
  const detail = find('.sample-detail');
  const status = find('.sample-status');
  const space = make('div', {class: 'sample-space'});
  const rows = make('div', {class: 'sample-rows'});
  list.append(space, rows);
  const paper = make('div', {class: 'sample-paper'});  // What is printed in place of the list.
  list.after(paper);
  let picked = new Uint32Array(0);
  let active = 0;        // The row with the mark of the keyboard.
  let hits = null;       // Of the search, or null without one.
  let search = null;     // AbortController of the search that runs.
  let searched = null;   // [done, all] chunks.
  let shown = '';        // The key of the open sample.

  function rowOf(place) {
    const sample = picked[place];
    const at = name => store.column[name][sample];
    const [id, repeat, teaser] = store.questions[at('question')];
    const row = make('div', {class: 'sample-row', role: 'option', id: 'sample-row-' + place,
                             'aria-selected': place === active, 'aria-setsize': picked.length,
                             'aria-posinset': place + 1});
    row.dataset.sample = sample;
    const suite = state.get('suite') ? '' : store.suites[store.suiteOf[at('question')]].name;
    const sign = signOf(store, sample);
    sign.title = word(store.outcomes[at('outcome')][0] || 'not scored');
    row.append(sign, make('code', {}, repeat ? id + ' #' + (repeat + 1) : id),
               make('b', {}, store.systems[at('system')].label), make('small', {}, suite), make('span', {}, teaser),
               make('em', {}, figureText(at('output'), ' tok')),
               make('em', {}, durationText(at('total'))), make('em', {}, figureText(at('cost'), '$')));
    row.addEventListener('click', () => {
      active = place;
      openActive();
      reachDetail();
    });
    return row;
  }

  // Paper does not scroll: the first rows of the choice, and how many there are.
  function fillPaper() {
    const many = Math.min(picked.length, kPaperRows);
    paper.replaceChildren(
        make('p', {class: 'soft'}, word('The first {} of {} samples chosen', many, picked.length)),
        ...Array.from({length: many}, (_, i) => {
          const row = rowOf(i);
          for (const name of ['id', 'role', 'aria-selected', 'aria-setsize', 'aria-posinset']) {
            row.removeAttribute(name);
          }
          return row;
        }));
  }

  const height = () => Math.min(picked.length * kSampleRow, kTallest);
  // How many rows a pixel of the scroll bar stands for, when there are too many.
  const stretch = () => {
    const free = height() - list.clientHeight;
    return free > 0 ? (picked.length * kSampleRow - list.clientHeight) / free : 1;
  };

  function draw() {
    const top = list.scrollTop * stretch();
    const from = Math.max(0, Math.floor(top / kSampleRow) - kSampleSpare);
    const to = Math.min(picked.length, Math.ceil((top + list.clientHeight) / kSampleRow) + kSampleSpare);
    rows.replaceChildren(...Array.from({length: Math.max(to - from, 0)}, (_, i) => rowOf(from + i)));
    rows.style.transform = `translateY(${list.scrollTop + from * kSampleRow - top}px)`;
    if (active >= from && active < to) list.setAttribute('aria-activedescendant', 'sample-row-' + active);
    else list.removeAttribute('aria-activedescendant');
  }

  function keepInSight() {
    const top = active * kSampleRow;
    const seen = list.scrollTop * stretch();
    if (top < seen) list.scrollTop = top / stretch();
    else if (top + kSampleRow > seen + list.clientHeight) {
      list.scrollTop = (top + kSampleRow - list.clientHeight) / stretch();
    }
  }

  function say() {
    const lang = state.get('lang') === 'zh' ? 'zh' : 'en';
    const number = value => value.toLocaleString(lang);
    status.replaceChildren(word('{} of {} samples', number(picked.length), number(store.count)));
    if (store.cut[0]) {
      status.append(' · ' + word('{} texts are longer than {} bytes and cut', number(store.cut[0]),
                                 number(store.limit)));
    }
    if (!searched) return;
    const [done, all] = searched;
    status.append(' · ' + word('searched {} of {} parts of the texts', number(done), number(all)));
    if (!search) return;
    const stop = make('button', {type: 'button', class: 'tool'}, word('Stop'));
    stop.addEventListener('click', () => {
      endSearch();
      say();
    });
    status.append(' ', stop);
  }

  function refresh(keepPlace) {
    const at = key => state.get(key);
    const place = (all, key, name) => at(key) ? all.findIndex(one => name(one) === at(key)) : -1;
    const wanted = {system: place(store.systems, 'model', one => one.label),
                    suite: place(store.suites, 'suite', one => one.name),
                    outcome: place(store.outcomes, 'outcome', one => one[0]),
                    only: at('only'), sort: at('sort'), hits};
    picked = pickSamples(store, wanted);
    space.style.height = height() + 'px';
    if (!keepPlace) {
      active = 0;
      list.scrollTop = 0;
    }
    active = Math.max(0, Math.min(active, picked.length - 1));
    draw();
    say();
  }

  function endSearch() {
    if (search) search.abort();
    search = null;
  }

  // Names at once; texts when the reader has stopped typing.
  function startSearch() {
    endSearch();
    searched = null;
    const text = state.get('q').trim().toLowerCase();
    hits = text ? new Uint8Array(store.count) : null;
    if (text) searchNames(store, text, hits);
    refresh();
    if (text.length < 2) return;
    const mine = search = new AbortController();
    const suite = store.suites.findIndex(one => one.name === state.get('suite'));
    setTimeout(() => {
      if (mine.signal.aborted) return;
      searchChunks(store, text, suite, hits, mine.signal, (done, all) => {
        searched = [done, all];
        if (done === all) search = null;
        refresh(true);
      });
    }, 300);
  }

  async function showDetail() {
    const key = state.get('sample');
    if (key === shown) return;
    shown = key;
    root.classList.toggle('reading', key !== '');
    detail.hidden = key === '';
    if (!key) return draw();
    const sample = sampleOf(store, key);
    const close = make('button', {type: 'button', class: 'tool close'}, label('Close'));
    close.addEventListener('click', closeDetail);
    let view = [make('p', {}, label('This sample is not in the report.'))];
    if (sample >= 0) {
      const texts = await questionTexts(store, store.column.question[sample]);
      if (shown !== key) return;  // Another was opened meanwhile.
      view = sampleView(store, sample, texts);
    }
    detail.replaceChildren(close, ...view);
    detail.dataset.sample = sample;
    detail.scrollTop = 0;
    const place = picked.indexOf(sample);
    if (place >= 0) active = place;
    keepInSight();
    draw();
  }

  const openActive = () => {
    if (picked.length) state.set({sample: sampleKey(store, picked[active])});
  };
  // Where it stands under the list, the reader is taken there.
  const reachDetail = () => {
    if (detail.getBoundingClientRect().top >= list.getBoundingClientRect().bottom) detail.scrollIntoView();
  };
  const closeDetail = () => {
    state.set({sample: ''});
    list.focus();
  };

  matchMedia('print').addEventListener('change', print => print.matches ? fillPaper() : paper.replaceChildren());
  list.addEventListener('scroll', draw);
  new ResizeObserver(draw).observe(list);
  list.addEventListener('keydown', event => {
    const page = Math.max(1, Math.floor(list.clientHeight / kSampleRow) - 1);
    const step = {ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -picked.length,
                  End: picked.length}[event.key];
    if (event.key === 'Enter') {
      openActive();
      reachDetail();
    }
    if (!step || !picked.length) return;
    event.preventDefault();
    active = Math.max(0, Math.min(picked.length - 1, active + step));
    keepInSight();
    draw();
    if (shown) openActive();  // Reading on goes row by row.
  });
  const box = find('input[type=search]');
  document.addEventListener('keydown', event => {
    if (event.key === '/' && !event.ctrlKey && !event.metaKey &&
        !/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) {
      event.preventDefault();
      box.focus();
    } else if (event.key === 'Escape' && shown && root.contains(event.target)) {
      closeDetail();
    }
  });
  let typing = 0;
  box.addEventListener('input', () => {
    clearTimeout(typing);
    typing = setTimeout(() => state.set({q: box.value}), 120);
  });

  state.watch(['q', 'suite'], startSearch);
  state.watch(['model', 'outcome', 'only', 'sort'], () => refresh());
  state.watch(['lang'], () => refresh(true));
  state.watch(['sample'], showDetail);
}

async function startSamples() {
  const root = document.getElementById('samples-browser');
  if (!root || !document.getElementById('sample-columns')) return;
  try {
    const store = await openSamples();
    document.getElementById('samples-static').remove();
    root.hidden = false;
    sampleBrowser(root, store);
    for (const act of whenSamples) act(store);
    if (state.get('sample')) root.scrollIntoView();
  } catch (error) {
    // An old browser: the short list stays.
    root.hidden = true;
    console.warn('The samples could not be unpacked: ' + error.message);
  }
}

// The data stands behind the script.
starters.push(() => {
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', startSamples);
  else startSamples();
});
