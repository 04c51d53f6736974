// The page's language. Interface texts stand in <… class="word">, in English; the table beside them has
// the others. Sentences made from numbers stand in both languages, and the style sheet shows one.
const words = pageData('words') || {};

// A text of the interface in the page's language: word('{} of {}', 3, 4). Another language may take
// the values in another order, '{1} … {0}'.
function word(english, ...fill) {
  const translated = text => state.get('lang') === 'zh' ? words[text] || text : text;
  let at = 0;
  return translated(english).replace(/\{(\d*)\}/g,
                                     (all, place) => translated(String(fill[place || at++])));
}

function translate() {
  document.documentElement.lang = state.get('lang');
  for (const node of document.querySelectorAll('.word')) {
    if (node.dataset.k === undefined) node.dataset.k = node.textContent;
    const fill = node.dataset.a === undefined ? [] : JSON.parse(node.dataset.a);
    const text = word(node.dataset.k, ...fill);
    if (node.textContent === text) continue;
    node.textContent = text;
    // A point of a chart is read out by its title.
    if (node.tagName === 'title') node.parentElement.setAttribute('aria-label', text);
  }
}

starters.push(() => {
  const chinese = (navigator.language || '').startsWith('zh');
  state.declare('lang', chinese ? 'zh' : 'en');
  const button = make('button', {type: 'button', class: 'tool', id: 'language'});
  button.addEventListener('click',
                          () => state.set({lang: state.get('lang') === 'zh' ? 'en' : 'zh'}));
  document.querySelector('.tools').append(button);
  state.watch(['lang'], () => {
    translate();
    button.textContent = state.get('lang') === 'zh' ? 'English' : '中文';
    button.lang = state.get('lang') === 'zh' ? 'en' : 'zh';
  });
});
