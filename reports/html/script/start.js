// A radio group or select that belongs to the view: <… data-state="key">, its value the key's.
function bindControls() {
  for (const node of document.querySelectorAll('[data-state]')) {
    const key = node.dataset.state;
    const radio = node.type === 'radio';
    if (!radio || node.defaultChecked) state.declare(key, node.value);
    node.addEventListener('change', () => state.set({[key]: node.value}));
  }
  for (const node of document.querySelectorAll('[data-state]')) {
    state.watch([node.dataset.state], () => {
      const value = state.get(node.dataset.state);
      if (node.type === 'radio') node.checked = node.value === value;
      else node.value = value;
    });
  }
}

// A link that filters the samples also goes there.
for (const link of document.querySelectorAll('a.to-samples')) {
  link.addEventListener('click', event => {
    event.preventDefault();
    state.set(Object.fromEntries(new URLSearchParams(link.hash.slice(1))));
    document.getElementById('samples').scrollIntoView();
  });
}

bindControls();
for (const start of starters) start();
