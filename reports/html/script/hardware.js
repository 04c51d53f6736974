// The hardware section: values every place again at the prices that the dials say. Until one of them is
// moved, the page stays as it was written.

function hardwareSection(data) {
  const root = document.getElementById('hardware');
  // Its mark, from the table of the group's first figure.
  data.groups.forEach((places, group) => {
    const rows = document.querySelectorAll(`#hw-${group}-speed tbody tr`);
    places.forEach((place, i) => { place.icon = rows[i].querySelector('svg.icon'); });
  });

  // Null is unknown: an empty dial, or no number.
  const dial = (key, least, most) => {
    const text = state.get(key).trim();
    const value = Number(text);
    return text === '' || !isFinite(value) ? null : Math.min(Math.max(value, least), most);
  };
  const machineRates = (machine, rent) => ({
    usd_per_hour: rent ?? dial('rent-' + machine, 0, Infinity),
    electricity_usd_per_kwh: dial('kwh', 0, Infinity) ?? 0,
    pue: dial('pue', 1, Infinity) ?? 1,
    utilisation: dial('util', 0.0001, 1) ?? 1,
  });
  const tokenRates = api => ({
    usd_per_mtok_input: dial('in-' + api, 0, Infinity),
    usd_per_mtok_output: dial('out-' + api, 0, Infinity),
  });
  const valueOf = (place, rent) => place.api === undefined
      ? revalueMachine(place.work, machineRates(place.machine, rent))
      : revalueTokens(place.work, tokenRates(place.api));
  const per = () => state.get('per') || 'mtok';
  // In the axis' unit; null where it has no place on a log axis.
  const costOf = (place, rent) => {
    const usd = valueOf(place, rent)['usd_per_' + per()];
    return usd === null || usd <= 0 ? null : usd * data.units[per()].factor;
  };

  function whyUnknown(place, key, value) {
    const hours = key.includes('hours');
    if (place.api !== undefined && hours) return 'run by others on a machine that we do not see';
    if (value.unknown && !(hours && place.work.machine_hours !== null)) return value.unknown;
    return place.work.right > 0 ? 'its tokens were not counted' : 'no answer was right';
  }

  function barOf(place, key, factor) {
    const value = valueOf(place)[key];
    const was = place.measured[key];
    // An interval moves with its value, as the summary's does at another rent.
    const bound = end => value === null || !was.value || was[end] === null
        ? null : was[end] * value / was.value * factor;
    return {label: place.label, series: place.series, value: value === null ? null : value * factor,
            low: bound('low'), high: bound('high')};
  }

  function drawFigure(figure) {
    const places = data.groups[figure.dataset.group];
    const key = figure.dataset.bars;
    const bars = places.map(place => barOf(place, key, Number(figure.dataset.factor)));
    const svg = figure.querySelector('svg.plot');
    drawBars(svg, bars, [...svg.querySelectorAll('text')].find(
        text => text.getAttribute('text-anchor') === 'end').textContent);
    for (const cell of figure.querySelectorAll('td[data-revalued]')) {
      const value = valueOf(places[cell.dataset.place])[cell.dataset.revalued];
      const factor = cell.dataset.revalued === key ? Number(figure.dataset.factor) : 1;
      if (value === null) delete cell.dataset.value;
      else cell.dataset.value = value;
      cell.textContent = value === null ? '—' : significant(value * factor);
    }
    const unknown = new Map();  // Reason -> places.
    places.forEach((place, i) => {
      if (bars[i].value !== null) return;
      const why = whyUnknown(place, key, valueOf(place));
      unknown.set(why, [...unknown.get(why) ?? [], place.label]);
    });
    const said = [...unknown].map(([why, labels]) => word('{}: {}', labels.join(', '), why));
    figure.querySelector('.hw-unknown').textContent =
        said.length ? word('Not known here:') + ' ' + said.join('; ') : '';
  }

  // The cheapest place, and the rent up to which it stays so, or the next one.
  function standingOf(places) {
    const ranked = places.map(place => ({place, cost: costOf(place)}))
        .filter(one => one.cost !== null).sort((a, b) => a.cost - b.cost);
    if (ranked.length < 2) return '';
    const {factor, title} = data.units[per()];
    const [{place, cost}, next] = ranked;
    const flips = place.api !== undefined ? [] : ranked
        .filter(one => one.place.machine !== place.machine)
        .map(one => ({other: one.place, rent: breakevenRent(place.work, machineRates(place.machine),
                                                            per(), one.cost / factor)}))
        .filter(flip => flip.rent !== null).sort((a, b) => a.rent - b.rent);
    const said = usd => '$' + significant(usd) + title.slice(1);
    if (flips.length) {
      return word('Cheapest: {} at {}. It stays so until its rent reaches ${} per hour, where {} ' +
                      'costs the same.',
                  place.label, said(cost), significant(flips[0].rent), flips[0].other.label);
    }
    return word('Cheapest: {} at {}; next: {} at {}.', place.label, said(cost), next.place.label,
                said(next.cost));
  }

  const nameCell = place => make('th', {class: 'l', scope: 'row'},
                                 place.icon.cloneNode(true), ' ' + place.label);
  const textCell = (text, style = '', value = null) => {
    const cell = make('td', style ? {class: style} : {}, text);
    if (value !== null) cell.dataset.value = value;
    return cell;
  };

  // Under one load the machine's name is enough, where no other place has it.
  const machineName = place => place.api === undefined ? data.machines[place.machine].name : 'API';
  const shortName = (places, place) =>
      places.filter(other => machineName(other) === machineName(place)).length === 1
          ? machineName(place) : place.label;

  const contestRow = (place, other, cost, even) => {
    const today = costOf(place);
    return make('tr', {}, nameCell(place), textCell(other.label, 'l'), textCell(significant(cost)),
                textCell(even === null ? '—' : significant(even), '', even),
                textCell(today === null ? '—' : (today < cost ? place : other).label, 'l'));
  };

  function drawRents(group, all) {
    const figure = document.getElementById(`hw-${group}-rent`);
    if (!figure || !figure.querySelector('svg.plot')) return;
    const choice = root.querySelector(`[data-state="vary-${group}"]`);
    const load = root.querySelector(`[data-state="load-${group}"]`)
        ? state.get('load-' + group) : all.find(place => place.machine !== undefined).load;
    const places = all.filter(place => place.api !== undefined || place.load === load);
    const machine = choice ? Number(state.get('vary-' + group))
                           : all.find(place => place.machine !== undefined &&
                                               place.work.machine_hours !== null).machine;
    const rent = dial('rent-' + machine, 0, Infinity);
    const middle = rent > 0 ? rent : 1;
    const rents = Array.from({length: 25}, (_, i) => i === 12 ? middle : middle * 4 ** (i / 12 - 1));
    const lines = [];
    const rows = [];
    const flips = [];
    for (const place of places) {
      const own = place.machine === machine;
      const spots = own
          ? rents.map((x, i) => ({x, y: costOf(place, x), marked: i === 12}))
          : [{x: rents[0], y: costOf(place), marked: true}, {x: rents[24], y: costOf(place)}];
      if (spots.every(spot => spot.y !== null)) {
        lines.push({...place, label: shortName(places, place), level: !own, spots});
      }
      if (!own) continue;
      for (const other of places.filter(one => one.machine !== machine)) {
        const cost = costOf(other);
        if (cost === null) continue;
        const even = breakevenRent(place.work, machineRates(machine), per(),
                                   cost / data.units[per()].factor);
        rows.push(contestRow(place, other, cost, even));
        if (even === null || even < rents[0] || even > rents[24]) continue;
        flips.push({x: even, y: cost, title: word('{} costs what {} does at ${} per hour',
                                                  place.label, other.label, significant(even))});
      }
    }
    figure.querySelector('tbody').replaceChildren(...rows);
    if (!lines.length) return;
    const chart = {lines, flips, x_title: word('rent of {}, USD/h', data.machines[machine].name),
                   y_title: data.units[per()].title};
    for (const svg of figure.querySelectorAll('svg.plot')) drawLines(svg, chart);
  }

  function loadLines(places) {
    const lines = new Map();
    for (const place of places) {
      const cost = costOf(place);
      if (place.api !== undefined || cost === null || !(place.in_flight > 0)) continue;
      const name = data.machines[place.machine].name;
      if (!lines.has(name)) lines.set(name, {...place, label: name, points: []});
      const {points} = lines.get(name);
      if (!points.some(point => point[0] === place.in_flight)) points.push([place.in_flight, cost]);
    }
    const found = [...lines.values()];
    for (const line of found) line.points.sort((a, b) => a[0] - b[0]);
    const loads = found.flatMap(line => line.points.map(point => point[0]));
    if (!loads.length) return [];
    for (const place of places) {
      const cost = costOf(place);
      if (place.api === undefined || cost === null) continue;
      found.push({...place, level: true,
                  points: [[Math.min(...loads), cost], [Math.max(...loads), cost]]});
    }
    return found;
  }

  function drawLoads(group, places) {
    const figure = document.getElementById(`hw-${group}-load`);
    if (!figure || !figure.querySelector('svg.plot')) return;
    const found = loadLines(places);
    const lines = found.map(line => ({
      ...line,
      spots: line.points.map(([x, y], i) => ({x, y, marked: !line.level || i === 0}))}));
    const flips = found.flatMap((a, i) => found.slice(i + 1).flatMap(
        b => loadCrossings(a.points, b.points).map(load => ({
          x: load, y: usdAtLoad(a.points, load),
          title: word('{} and {} cost the same at {} in flight', a.label, b.label,
                      significant(load))}))));
    figure.querySelector('tbody').replaceChildren(...lines.flatMap(line => line.spots.filter(
        spot => spot.marked).map(spot => make('tr', {}, nameCell(line),
            textCell(line.level ? word('any') : String(spot.x)),
            textCell(significant(spot.y), '', spot.y)))));
    figure.querySelector('thead th:last-child').textContent = data.units[per()].title;
    const chart = {lines, flips, x_title: 'requests in flight', y_title: data.units[per()].title};
    if (!lines.length) return;
    for (const svg of figure.querySelectorAll('svg.plot')) drawLines(svg, chart);
  }

  return {
    valueOf,
    draw() {
      root.querySelectorAll('figure[data-bars]').forEach(drawFigure);
      data.groups.forEach((places, group) => {
        if (!places.length) return;
        const standing = document.getElementById(`hw-${group}-standing`);
        if (standing) standing.textContent = standingOf(places);
        drawRents(group, places);
        drawLoads(group, places);
      });
    },
  };
}

starters.push(() => {
  const data = pageData('hardware-data');
  if (!data) return;
  const section = hardwareSection(data);
  const controls = [...document.querySelectorAll('#hardware [data-state]')];
  const keys = [...new Set(controls.map(node => node.dataset.state))];
  const written = Object.fromEntries(keys.map(key => [key, state.initial(key)]));
  for (const hidden of document.querySelectorAll('#hardware-dials, .hw-choice')) hidden.hidden = false;
  for (const node of controls) {
    // A slider is followed while it moves.
    node.addEventListener('input', () => state.set({[node.dataset.state]: node.value}));
  }
  document.getElementById('hardware-reset').addEventListener('click', () => state.set(written));
  let moved = false;
  state.watch([...keys, 'lang'], () => {
    moved = moved || keys.some(key => state.get(key) !== written[key]);
    if (moved) section.draw();
  });
});
