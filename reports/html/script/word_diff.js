// What differs between two texts, word by word: the longest common subsequence of their words marks
// the rest. Texts are anyone's, so they become text nodes and nothing else.

const kMostCells = 4000000;  // Of the table of common lengths: some 2,000 words against 2,000.

// Words, single signs, runs of space; a language without spaces by its characters.
function wordsOf(text) {
  return text.match(/\p{Script=Han}|[\p{L}\p{N}_]+|\s+|[^]/gu) || [];
}

// How far both lists agree from the start, and from the end of what is left.
function agreeing(a, b) {
  const most = Math.min(a.length, b.length);
  let start = 0;
  while (start < most && a[start] === b[start]) ++start;
  let end = 0;
  while (end < most - start && a[a.length - 1 - end] === b[b.length - 1 - end]) ++end;
  return [start, end];
}

// Which words of each list are in no longest common subsequence.
function unmatched(a, b) {
  const wide = b.length + 1;
  const common = new Uint32Array((a.length + 1) * wide);  // Of what follows (i, j).
  for (let i = a.length - 1; i >= 0; --i) {
    for (let j = b.length - 1; j >= 0; --j) {
      common[i * wide + j] = a[i] === b[j] ? common[(i + 1) * wide + j + 1] + 1
          : Math.max(common[(i + 1) * wide + j], common[i * wide + j + 1]);
    }
  }
  const [onlyA, onlyB] = [new Uint8Array(a.length).fill(1), new Uint8Array(b.length).fill(1)];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) onlyA[i++] = onlyB[j++] = 0;
    else if (common[(i + 1) * wide + j] >= common[i * wide + j + 1]) ++i;
    else ++j;
  }
  return [onlyA, onlyB];
}

// {a: [[text, differs], …], b: likewise, coarse: too long to be compared word by word}.
function wordDiff(textA, textB) {
  const [a, b] = [wordsOf(textA), wordsOf(textB)];
  const [start, end] = agreeing(a, b);
  const middles = [a, b].map(list => list.slice(start, list.length - end));
  const coarse = (middles[0].length + 1) * (middles[1].length + 1) > kMostCells;
  const marks = coarse ? middles.map(list => new Uint8Array(list.length).fill(1)) : unmatched(...middles);
  const parts = (list, differs) => {
    const runs = [];
    list.forEach((text, i) => {
      const at = i - start;
      const mark = at >= 0 && i < list.length - end && differs[at] === 1;
      const last = runs[runs.length - 1];
      if (last && last[1] === mark) last[0].push(text);
      else runs.push([[text], mark]);
    });
    return runs.map(([texts, mark]) => [texts.join(''), mark]);
  };
  return {a: parts(a, marks[0]), b: parts(b, marks[1]), coarse};
}

function diffBox(parts) {
  const box = make('pre', {class: 'box', dir: 'auto'});
  for (const [text, differs] of parts) box.append(differs ? make('mark', {}, text) : text);
  return box;
}
