// The formulas of harness/money/revaluation.h, number for number: tests/end_to_end/revaluation_test.py
// compares them. null is unknown.

const kJoulesPerKwh = 3.6e6;
const kMillion = 1e6;

function quotient(of, by) {
  return of === null || by === null || by <= 0 ? null : of / by;
}

const nothingKnown = unknown => ({
  usd: null, energy_usd: null, energy_share: null, usd_per_mtok: null, usd_per_correct: null,
  machine_hours_per_million_correct: null, gpu_hours_per_million_correct: null, unknown});

function unitsOf(work, per) {
  if (per === 'correct') return work.right > 0 ? work.right : null;
  if (work.input_tokens === null || work.output_tokens === null) return null;
  const tokens = work.input_tokens + work.output_tokens;
  return tokens > 0 ? tokens / kMillion : null;
}

function divideCost(work, value) {
  value.usd_per_mtok = quotient(value.usd, unitsOf(work, 'mtok'));
  value.usd_per_correct = quotient(value.usd, unitsOf(work, 'correct'));
  value.energy_share = quotient(value.energy_usd, value.usd);
}

// [USD of electricity beyond the rent, or null and why].
function electricityOf(work, rates) {
  if (rates.electricity_usd_per_kwh === 0) return [0, ''];
  if (work.joules === null) {
    return [null, 'its joules were not measured: no electricity can be added'];
  }
  const idleHours = work.machine_hours / rates.utilisation - work.machine_hours;
  if (idleHours > 0 && work.idle_w === null) {
    return [null, 'its idle power was not measured: no electricity of idle hours can be added'];
  }
  const joules = work.joules + (work.idle_w ?? 0) * idleHours * 3600;
  return [joules / kJoulesPerKwh * rates.pue * rates.electricity_usd_per_kwh, ''];
}

function revalueMachine(work, rates) {
  const value = nothingKnown('');
  if (work.machine_hours === null) return nothingKnown("no machine's hours are known");
  const hours = work.machine_hours / rates.utilisation;
  if (work.right > 0) {
    value.machine_hours_per_million_correct = hours / work.right * kMillion;
    value.gpu_hours_per_million_correct = value.machine_hours_per_million_correct * work.gpus;
  }
  const [electricity, unknown] = electricityOf(work, rates);
  value.unknown = rates.usd_per_hour === null
      ? 'nobody says what an hour of the machine costs' : unknown;
  if (value.unknown) return value;
  value.energy_usd = electricity;
  value.usd = rates.usd_per_hour * hours + electricity;
  divideCost(work, value);
  return value;
}

function revalueTokens(work, rates) {
  const value = nothingKnown('');
  if (work.input_tokens === null || work.output_tokens === null) {
    return nothingKnown('its tokens were not counted');
  }
  const known = (rates.usd_per_mtok_input !== null || work.input_tokens === 0) &&
                (rates.usd_per_mtok_output !== null || work.output_tokens === 0);
  if (!known) return nothingKnown('no price of its tokens is known');
  value.usd = (work.input_tokens * (rates.usd_per_mtok_input ?? 0) +
               work.output_tokens * (rates.usd_per_mtok_output ?? 0)) / kMillion;
  divideCost(work, value);
  return value;
}

function breakevenRent(work, rates, per, usdPerUnit) {
  const units = unitsOf(work, per);
  if (units === null || work.machine_hours === null || work.machine_hours <= 0) return null;
  const [electricity] = electricityOf(work, rates);
  if (electricity === null) return null;
  const rent = (usdPerUnit * units - electricity) / (work.machine_hours / rates.utilisation);
  return rent > 0 ? rent : null;
}

// Points are [in flight, USD], rising in load; straight between them on log axes.
function usdAtLoad(line, inFlight) {
  for (let i = 0; i < line.length; ++i) {
    const [load, usd] = line[i];
    if (inFlight === load) return usd;
    if (inFlight > load) continue;
    if (i === 0) return null;
    const [before, from] = line[i - 1];
    return from * (usd / from) ** (Math.log(inFlight / before) / Math.log(load / before));
  }
  return null;
}

function loadCrossings(a, b) {
  if (!a.length || !b.length) return [];
  const from = Math.max(a[0][0], b[0][0]);
  const to = Math.min(a[a.length - 1][0], b[b.length - 1][0]);
  const loads = [...new Set([...a, ...b].map(point => point[0]))]
      .filter(load => load >= from && load <= to).sort((x, y) => x - y);
  const gap = load => Math.log(usdAtLoad(a, load) / usdAtLoad(b, load));
  const found = [];
  let side = loads.length ? gap(loads[0]) : 0;
  for (let i = 1; i < loads.length; ++i) {
    const before = gap(loads[i - 1]);  // 0 where they meet at a bend.
    const after = gap(loads[i]);
    if (side * after < 0) {
      found.push(loads[i - 1] * (loads[i] / loads[i - 1]) ** (before / (before - after)));
    }
    if (after !== 0) side = after;
  }
  return found;
}
