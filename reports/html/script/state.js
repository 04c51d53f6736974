// The view, kept in the page's hash: a link restores what its sender saw. Only what differs from
// its default stands there, so that links stay short.
const starters = [];  // Each script adds the function that starts it; start.js calls them in order.

const state = (() => {
  const defaults = new Map();
  const watchers = [];
  let values = new Map();

  // "#summary" is a section's anchor, "#price=usd&lang=zh" a view.
  const read = () => {
    const hash = location.hash.slice(1);
    values = hash.includes('=') ? new Map(new URLSearchParams(hash)) : new Map();
  };
  const write = () => {
    const kept = [...values].filter(([key, value]) => value !== (defaults.get(key) ?? ''));
    const hash = new URLSearchParams(kept).toString();
    history.replaceState(null, '', hash ? '#' + hash : location.pathname + location.search);
  };
  const tell = keys => {
    for (const [wanted, act] of watchers) {
      if (wanted.some(key => keys.includes(key))) act();
    }
  };
  read();
  addEventListener('hashchange', () => {
    const before = [...values.keys()];
    read();
    tell([...new Set([...before, ...values.keys()])]);
  });
  return {
    // Says what `key` is when the hash does not say it.
    declare(key, value) { defaults.set(key, value); },
    // What it is then.
    initial(key) { return defaults.get(key) ?? ''; },
    get(key) { return values.get(key) ?? defaults.get(key) ?? ''; },
    // Sets some keys ({key: "text"}) and tells whoever watches them.
    set(changes) {
      for (const [key, value] of Object.entries(changes)) values.set(key, String(value));
      write();
      tell(Object.keys(changes));
    },
    // Calls `act` now and whenever one of `keys` changes.
    watch(keys, act) {
      watchers.push([keys, act]);
      act();
    },
  };
})();

// An element: make('button', {type: 'button', class: 'tool'}, 'text', child …).
function make(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

// Data that the page carries: <script type="application/json" id="…">.
function pageData(id) {
  const node = document.getElementById(id);
  return node ? JSON.parse(node.textContent) : null;
}
