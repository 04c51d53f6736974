// One measure of price and, where the reader wants, one suite: of the charts of accuracy against
// price, which all stand in the page, those are hidden that were not chosen.
starters.push(() => {
  const section = document.getElementById('price');
  // A page of kernels alone has no prices.
  const choice = section && section.querySelector('.choice');
  if (!choice) return;
  choice.hidden = false;
  state.watch(['price', 'pricesuite'], () => {
    const suite = state.get('pricesuite');
    for (const group of section.querySelectorAll('[data-price-charts]')) {
      group.hidden = group.dataset.priceCharts !== state.get('price');
    }
    for (const chart of section.querySelectorAll('[data-suite-chart]')) {
      chart.hidden = suite !== '' && chart.dataset.suiteChart !== suite;
      chart.classList.toggle('alone', suite !== '' && !chart.hidden);
    }
  });
});
