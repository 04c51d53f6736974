// Which samples are asked for, and in which order. Nothing here touches the page.

// Column and direction of each order; without one the samples stand by question.
const kSampleOrders = {journal: ['journal', 1], cost: ['cost', -1], cheap: ['cost', 1],
                       length: ['length', -1], short: ['length', 1], time: ['total', -1],
                       fast: ['total', 1]};

// The samples in that order, the unknown last, equals by question; null is the order they have.
function sampleOrder(store, name) {
  store.orders ??= new Map();
  if (!kSampleOrders[name]) return null;
  if (!store.orders.has(name)) {
    const [column, direction] = kSampleOrders[name];
    store.orders.set(name, orderBy(store.column[column], direction));
  }
  return store.orders.get(name);
}

// Radix sort: a comparing sort of 200,000 takes longer than a reader should wait. The bits of doubles
// that are not negative stand in the order of the numbers.
function orderBy(values, direction) {
  const words = new Uint16Array(Float64Array.from(values, value => Math.max(value, 0)).buffer);
  const flip = direction < 0 ? 0xFFFF : 0;
  const places = Uint32Array.from(values, (_, i) => i);
  let order = places.filter(i => values[i] === values[i]);
  const unknown = places.filter(i => values[i] !== values[i]);
  for (let word = 0; word < 4; ++word) {
    const starts = new Uint32Array(0x10001);
    for (const i of order) ++starts[(words[4 * i + word] ^ flip) + 1];
    for (let i = 1; i < starts.length; ++i) starts[i] += starts[i - 1];
    const next = new Uint32Array(order.length);
    for (const i of order) next[starts[words[4 * i + word] ^ flip]++] = i;
    order = next;
  }
  const all = new Uint32Array(values.length);
  all.set(order);
  all.set(unknown, order.length);
  return all;
}

// The samples that fit `wanted`: {system, outcome, suite: a place in the store's list, or -1 for all;
// only: '', 'split' (the systems differ) or 'bad' (not all are right); sort; hits: null, or 1 for
// each sample that the search found}.
function pickSamples(store, wanted) {
  const {system, outcome, question} = store.column;
  const order = sampleOrder(store, wanted.sort);
  const picked = new Uint32Array(store.count);
  let many = 0;
  for (let i = 0; i < store.count; ++i) {
    const sample = order ? order[i] : i;
    if (wanted.system >= 0 && system[sample] !== wanted.system) continue;
    if (wanted.outcome >= 0 && outcome[sample] !== wanted.outcome) continue;
    if (wanted.hits && !wanted.hits[sample]) continue;
    const asked = question[sample];
    if (wanted.suite >= 0 && store.suiteOf[asked] !== wanted.suite) continue;
    if (wanted.only) {
      const all = store.first[asked + 1] - store.first[asked];
      if (store.rights[asked] === all || (wanted.only === 'split' && !store.rights[asked])) continue;
    }
    picked[many++] = sample;
  }
  return picked.subarray(0, many);
}

// Marks the samples whose question's id or first words hold the text (in lower case).
function searchNames(store, text, hits) {
  store.lowered ??= store.questions.map(([id, , teaser]) => (id + '\n' + teaser).toLowerCase());
  store.lowered.forEach((name, question) => {
    if (name.includes(text)) hits.fill(1, store.first[question], store.first[question + 1]);
  });
}

// Marks what one chunk's texts hold; `list` are its questions, the first of them `question`.
function searchTexts(store, question, list, text, hits) {
  const holds = value => typeof value === 'string' && value.toLowerCase().includes(text);
  const asks = messages => messages.some(message => holds(message[1]));
  list.forEach(({m, g, a}, i) => {
    const asked = asks(m);
    a.forEach((answer, j) => {
      const {failure} = answer.f.response;
      if (holds(g) || (answer.m ? asks(answer.m) : asked) || holds(answer.t) || holds(answer.k) ||
          holds(answer.x) || holds(failure && failure.message) ||
          (answer.s && answer.s.some(score => holds(score[0])))) {
        hits[store.first[question + i] + j] = 1;
      }
    });
  });
}

// Looks through all chunks, or those of one suite; `tell(done, all)` is called now and then and at
// the end. Stops when the signal is given.
async function searchChunks(store, text, suite, hits, signal, tell) {
  const from = suite < 0 ? 0 : placeIn(store.chunks, store.suites[suite].first);
  const last = suite < 0 || suite + 1 === store.suites.length
      ? store.chunks.length - 1 : placeIn(store.chunks, store.suites[suite + 1].first - 1);
  const quoted = JSON.stringify(text).slice(1, -1);
  let told = performance.now();
  for (let chunk = from; chunk <= last; ++chunk) {
    const json = await chunkText(chunk);
    if (signal.aborted) return;
    // Most chunks do not hold it anywhere: no need to take them apart.
    if (json.toLowerCase().includes(quoted)) {
      searchTexts(store, store.chunks[chunk], JSON.parse(json), text, hits);
    }
    if (performance.now() - told > 200 || chunk === last) {
      tell(chunk - from + 1, last - from + 1);
      await new Promise(next => setTimeout(next));
      if (signal.aborted) return;
      told = performance.now();
    }
  }
}
