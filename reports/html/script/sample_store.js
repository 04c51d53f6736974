// All samples of the page, unpacked: numbers at once, texts chunk by chunk. A sample is its place in
// the columns, a question the place in `questions`; the answers to a question stand together.

const whenSamples = [];  // Called with them when they are open, by other parts of the page.

// Inflates the block `id` of the page (base64 of zlib's format).
async function inflated(id) {
  const text = document.getElementById(id).textContent;
  const packed = Uint8Array.fromBase64 ? Uint8Array.fromBase64(text)
                                       : Uint8Array.from(atob(text), c => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Response(stream).arrayBuffer();
}

const kTypedArrays = {f64: Float64Array, f32: Float32Array, i32: Int32Array, u32: Uint32Array,
                      u16: Uint16Array, u8: Uint8Array};

async function openSamples() {
  const [names, bytes] = await Promise.all([inflated('sample-names'), inflated('sample-columns')]);
  const store = JSON.parse(new TextDecoder().decode(names));
  store.count = store.samples;
  store.column = {};
  for (const [name, type, offset] of store.columns) {
    store.column[name] = new kTypedArrays[type](bytes, offset, store.count);
  }
  indexQuestions(store);
  store.kept = new Map();  // Chunks unpacked of late, the oldest first.
  return store;
}

// Where each question's answers begin, and how many of them are right.
function indexQuestions(store) {
  const {question, outcome} = store.column;
  const right = store.outcomes.findIndex(([name]) => name === 'right');
  const many = store.questions.length;
  store.first = new Uint32Array(many + 1).fill(store.count);
  store.rights = new Uint32Array(many);
  for (let sample = store.count - 1; sample >= 0; --sample) {
    store.first[question[sample]] = sample;
    if (outcome[sample] === right) ++store.rights[question[sample]];
  }
  store.suiteOf = new Uint16Array(many);
  store.suites.forEach((suite, i) => store.suiteOf.fill(i, suite.first));
}

// The last place of the sorted list that is not over `value`.
function placeIn(list, value) {
  let low = 0;
  let high = list.length;
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (list[middle] <= value) low = middle;
    else high = middle;
  }
  return low;
}

async function chunkText(chunk) {
  return new TextDecoder().decode(await inflated('sample-chunk-' + chunk));
}

// The texts of one question.
async function questionTexts(store, question) {
  const chunk = placeIn(store.chunks, question);
  let list = store.kept.get(chunk);
  if (!list) {
    list = JSON.parse(await chunkText(chunk));
    store.kept.set(chunk, list);
    if (store.kept.size > 8) store.kept.delete(store.kept.keys().next().value);
  }
  return list[question - store.chunks[chunk]];
}

// A sample's name in the page's address: run/system/suite/id/repeat, each part percent-encoded.
function sampleKey(store, sample) {
  const question = store.column.question[sample];
  const [id, repeat] = store.questions[question];
  const {run, system} = store.systems[store.column.system[sample]];
  const suite = store.suites[store.suiteOf[question]].name;
  return [run, system, suite, id, repeat].map(encodeURIComponent).join('/');
}

// The sample of that name, or -1.
function sampleOf(store, key) {
  let parts;
  try {
    parts = key.split('/').map(decodeURIComponent);
  } catch {
    return -1;  // Not percent-encoding.
  }
  const [run, system, suite, id, repeat] = parts;
  const at = store.suites.findIndex(one => one.name === suite);
  if (at < 0) return -1;
  const end = at + 1 < store.suites.length ? store.suites[at + 1].first : store.questions.length;
  for (let question = store.suites[at].first; question < end; ++question) {
    if (store.questions[question][0] !== id || String(store.questions[question][1]) !== repeat) continue;
    for (let sample = store.first[question]; sample < store.first[question + 1]; ++sample) {
      const who = store.systems[store.column.system[sample]];
      if (who.run === run && who.system === system) return sample;
    }
  }
  return -1;
}
