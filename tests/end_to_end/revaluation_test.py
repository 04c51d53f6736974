#!/usr/bin/env python3
"""The hardware section's prices in the browser against those in C++:
revaluation_test.py REPORT_FIXTURE REVALUATION_CASES

The page's formulas on seeded random inputs, and the page itself after its dials were moved, must both
give what harness/money/revaluation.cpp gives, to 1e-9.
"""

import json
import math
import pathlib
import subprocess
import sys
import tempfile

from browser_check import CONTRAST, OVERFLOW, OVERLAPS, WIDTHS, Check, noise
from devtools import Browser, BrowserError, find_chromium

SEEDS = (1, 20261126)
CASES = 2000

# The page's answers to cases that C++ answered, in the same shape.
ANSWERS = """(cases => cases.map(one => {
  const answer = {value: one.machine ? revalueMachine(one.work, one.machine)
                                     : revalueTokens(one.work, one.tokens)};
  if (one.machine) {
    answer.breakeven = {mtok: breakevenRent(one.work, one.machine, 'mtok', one.other),
                        correct: breakevenRent(one.work, one.machine, 'correct', one.other)};
  }
  answer.crossings = loadCrossings(...one.lines);
  answer.at_load = usdAtLoad(one.lines[0], one.load);
  return answer;
}))"""

# What every figure that prices move says in its table and on its bars.
SHOWN = """[...document.querySelectorAll('#hardware figure[data-bars]')].map(figure => ({
  group: Number(figure.dataset.group), key: figure.dataset.bars,
  bars: [...figure.querySelectorAll('svg.plot text.halo')].map(text => text.textContent),
  cells: [...figure.querySelectorAll('td[data-revalued]')].map(td => ({
    key: td.dataset.revalued, place: Number(td.dataset.place), value: td.dataset.value ?? null,
    text: td.textContent})),
  unknown: figure.querySelector('.hw-unknown').textContent}))"""

RENTS = """[...document.querySelectorAll('#hw-0-rent tbody tr')].map(tr => ({
  machine: tr.cells[0].textContent.trim(), other: tr.cells[1].textContent.trim(),
  rent: tr.cells[3].dataset.value ?? ''}))"""


LOADS = """[...document.querySelectorAll('#hw-0-load tbody tr')].map(tr => [
  tr.cells[0].textContent.trim(), tr.cells[1].textContent, Number(tr.cells[2].dataset.value)])"""


def differences(ours, theirs, path=""):
    """Where two answers differ by more than 1e-9 of their size."""
    if isinstance(ours, dict):
        return [line for key in ours for line in differences(ours[key], theirs.get(key), path + "." + key)]
    if isinstance(ours, list):
        if len(ours) != len(theirs):
            return [f"{path}: {len(theirs)} values, C++ has {len(ours)}"]
        return [line for i, one in enumerate(ours) for line in differences(one, theirs[i], f"{path}[{i}]")]
    if isinstance(ours, float) and isinstance(theirs, (int, float)):
        same = math.isclose(ours, theirs, rel_tol=1e-9, abs_tol=0)
    else:
        same = ours == theirs
    return [] if same else [f"{path} is {theirs}, C++ has {ours}"]


def check_formulas(browser, check, program):
    for seed in SEEDS:
        cases = json.loads(subprocess.run([program, str(seed), str(CASES)], check=True,
                                          capture_output=True).stdout)
        answers = browser.evaluate(ANSWERS + "(" + json.dumps(cases) + ")")
        problems = []
        for i, (case, answer) in enumerate(zip(cases, answers)):
            wanted = {key: case[key] for key in ("value", "breakeven", "crossings", "at_load")
                      if key in case}
            problems += differences(wanted, answer, f"case {i}")
        known = sum(case["value"]["usd"] is not None for case in cases)
        crossings = sum(len(case["crossings"]) for case in cases)
        # Cases of which none is known, or all, would try little.
        if not CASES / 4 < known < CASES or crossings < CASES / 10:
            problems.append(f"the cases try too little: {known} known, {crossings} crossings")
        check.say(f"formulas give the figures of C++, seed {seed}", problems,
                  f"{CASES} cases, {known} with a cost, {crossings} crossings")


def turn(browser, dial, value):
    """As a reader does: types into the number, or moves the slider."""
    kind = "number" if dial["number"] else "range"
    browser.evaluate(f"""(() => {{
      const node = document.querySelector('#hardware input[type={kind}][data-state="{dial["key"]}"]');
      node.value = {json.dumps(str(value))};
      node.dispatchEvent(new Event('input', {{bubbles: true}}));
      node.dispatchEvent(new Event('change', {{bubbles: true}}));
    }})()""")


def rates_of(browser, place):
    """The dials as they stand, as C++ takes them."""
    def said(key):
        text = browser.evaluate(f"state.get({json.dumps(key)})")
        return float(text) if text else None
    if "api" in place:
        return {"tokens": {"usd_per_mtok_input": said(f"in-{place['api']}"),
                           "usd_per_mtok_output": said(f"out-{place['api']}")}}
    return {"machine": {"usd_per_hour": said(f"rent-{place['machine']}"),
                        "electricity_usd_per_kwh": said("kwh"), "pue": said("pue"),
                        "utilisation": said("util")}}


def answers_of(program, cases):
    return json.loads(subprocess.run([program, "-"], input=json.dumps(cases).encode(), check=True,
                                     capture_output=True).stdout)


def page_problems(browser, program, data):
    """Where the page's tables and bars do not say what C++ says at the dials' prices."""
    problems = []
    compared = 0
    group = data["groups"][0]
    values = [answer["value"] for answer in answers_of(
        program, [{"work": place["work"], **rates_of(browser, place)} for place in group])]
    for figure in browser.evaluate(SHOWN):
        for cell in figure["cells"]:
            wanted = values[cell["place"]][cell["key"]]
            shown = None if cell["value"] is None else float(cell["value"])
            problems += differences(wanted, shown, f"{figure['key']} of place {cell['place']}")
            compared += 1
        unknown = [value[figure["key"]] is None for value in values]
        if [text == "—" for text in figure["bars"]] != unknown:
            problems.append(f"bars of {figure['key']} are {figure['bars']}")
        if any(unknown) != bool(figure["unknown"]):
            problems.append(f"{figure['key']} does not say why: {figure['unknown']!r}")
    return problems, compared


# Of each bar what its tip says: [value, low, high], as shown.
TIPS = """[...document.querySelectorAll('#hw-0-correct svg.plot g > title')].map(
    title => (title.textContent.split(': ').pop().match(/[\\d.,]+/g) || [])
        .map(text => Number(text.replaceAll(',', ''))))"""


def interval_problems(browser, data):
    """Bars whose interval did not move with its value: low / value is the summary's still."""
    problems = []
    for place, tip in zip(data["groups"][0], browser.evaluate(TIPS)):
        measured = place["measured"]["usd_per_correct"]
        if measured["low"] is None:
            continue
        if len(tip) != 3:
            problems.append(f"{place['label']} has no interval: {tip}")
            continue
        for shown, bound in ((tip[1], "low"), (tip[2], "high")):
            # Three digits are shown of each.
            if not math.isclose(shown / tip[0], measured[bound] / measured["value"], rel_tol=0.011):
                problems.append(f"{place['label']}: {bound} {shown} of {tip[0]}")
    return problems


def rent_problems(browser, program, data):
    """Where the break-even rents of the first group are not those of C++."""
    group = data["groups"][0]
    per = browser.evaluate("state.get('per')")
    machine = int(browser.evaluate("state.get('vary-0')"))
    load = browser.evaluate("state.get('load-0')")
    places = [place for place in group if "api" in place or place["load"] == load]
    values = answers_of(program, [{"work": place["work"], **rates_of(browser, place)}
                                  for place in places])
    wanted = []
    for place in places:
        if place.get("machine") != machine:
            continue
        for other, value in zip(places, values):
            cost = value["value"]["usd_per_" + per]
            if other.get("machine") == machine or not cost:
                continue
            case = {"work": place["work"], **rates_of(browser, place), "other": cost}
            even = answers_of(program, [case])[0]["breakeven"][per]
            wanted.append([place["label"], other["label"], even])
    shown = [[row["machine"], row["other"], float(row["rent"]) if row["rent"] else None]
             for row in browser.evaluate(RENTS)]
    if not wanted:
        return ["no break-even rent to compare"]
    return differences(wanted, shown, "break-even rents")


def load_problems(browser, program, data):
    """Where the costs by load of the first group are not those of C++."""
    group = data["groups"][0]
    per = browser.evaluate("state.get('per')")
    factor = data["units"][per]["factor"]
    values = answers_of(program, [{"work": place["work"], **rates_of(browser, place)}
                                  for place in group])
    wanted = []
    for place, value in zip(group, values):
        cost = value["value"]["usd_per_" + per]
        if cost and "api" not in place:
            name = data["machines"][place["machine"]]["name"]
            wanted.append([name, str(int(place["in_flight"])), cost * factor])
        elif cost:
            wanted.append([place["label"], "any", cost * factor])
    return differences(wanted, browser.evaluate(LOADS), "costs by load")


def standing_problems(browser, data):
    """Whether the sentence names the cheapest of the table."""
    said = browser.evaluate("document.getElementById('hw-0-standing').textContent")
    figure = next(one for one in browser.evaluate(SHOWN) if one["key"] == "usd_per_mtok")
    costs = {cell["place"]: float(cell["value"]) for cell in figure["cells"]
             if cell["key"] == "usd_per_mtok" and cell["value"] is not None}
    cheapest = data["groups"][0][min(costs, key=costs.get)]["label"]
    return [] if f"Cheapest: {cheapest} at $" in said else [f"{cheapest} is the cheapest, not: {said}"]


def check_looks(browser, check):
    """What the script drew looks as what C++ drew must."""
    problems = []
    for width in WIDTHS:
        browser.view(width, 900)
        problems += [f"{width} px: {found}" for found in
                     browser.evaluate(OVERLAPS) + browser.evaluate(CONTRAST)]
        if browser.evaluate(OVERFLOW) > 0:
            problems.append(f"{width} px: wider than the window")
    browser.view(WIDTHS[0], 900)
    check.say("what the script draws covers nothing and leaves nothing", problems)


def check_dials(browser, check, program, url):
    browser.open(url)
    data = browser.evaluate("pageData('hardware-data')")
    problems, compared = page_problems(browser, program, data)
    check.say("as written, the page says what C++ says", problems + rent_problems(browser, program, data),
              f"{compared} figures")
    number = {"number": True}
    slider = {"number": False}
    turn(browser, {"key": "util", **slider}, 0.5)
    check.say("intervals move with their values", interval_problems(browser, data))
    moves = [
        ("rents", [({"key": "rent-0", **slider}, 2.5), ({"key": "rent-1", **number}, 0.31)]),
        ("API prices", [({"key": "in-0", **number}, 0.002), ({"key": "out-0", **slider}, 0.77)]),
        ("electricity", [({"key": "kwh", **slider}, 0.31), ({"key": "pue", **number}, 1.37)]),
        ("utilisation", [({"key": "util", **slider}, 0.43)]),
        ("almost nothing", [({"key": "rent-0", **number}, 2e-5), ({"key": "in-0", **number}, 1e-7),
                            ({"key": "out-0", **number}, 1e-7), ({"key": "kwh", **number}, 0)]),
        ("an empty rent", [({"key": "rent-2", **number}, "")]),
    ]
    for name, dials in moves:
        before = browser.evaluate(SHOWN)
        for dial, value in dials:
            turn(browser, dial, value)
        problems, compared = page_problems(browser, program, data)
        problems += load_problems(browser, program, data) + standing_problems(browser, data)
        if browser.evaluate(SHOWN) == before:
            problems.append("the page did not move")
        check.say(f"dials, {name}: the page says what C++ says",
                  problems + rent_problems(browser, program, data), f"{compared} figures")
        check_looks(browser, check)
    browser.evaluate("state.set({per: 'correct', 'vary-0': '1', 'load-0': '8 in flight'})")
    check.say("another unit, machine and load: break-even rents are those of C++",
              rent_problems(browser, program, data) + load_problems(browser, program, data))
    check_looks(browser, check)
    said = noise(browser.events)
    check_link(browser, check)
    browser.evaluate("document.getElementById('hardware-reset').click()")
    problems, _ = page_problems(browser, program, data)
    if any(cell["value"] is None and cell["key"] == "usd_per_mtok"
           for figure in browser.evaluate(SHOWN) for cell in figure["cells"]):
        problems.append("a price is still unknown")
    check.say("the button brings back the prices of the runs", problems)
    console, requests = (before + after for before, after in zip(said, noise(browser.events)))
    check.say("no console error, no request",
              console + [seen for seen in requests if not seen.startswith(url)])


def check_link(browser, check):
    shown = browser.evaluate(SHOWN)
    rents = browser.evaluate(RENTS)
    link = browser.evaluate("location.href")
    browser.open("about:blank")  # Else another hash would be no new page.
    browser.open(link)
    same = browser.evaluate(SHOWN) == shown and browser.evaluate(RENTS) == rents
    check.say("a link restores the dials", [] if same else [f"{link} shows other figures"])


def main(fixture, program):
    chromium = find_chromium()
    if chromium is None:
        print("revaluation_test: no chromium on the PATH; install the package chromium", file=sys.stderr)
        return 2
    check = Check()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([fixture, "machines", folder, "40"], check=True, stdout=subprocess.DEVNULL)
        url = (pathlib.Path(folder) / "report.html").as_uri()
        try:
            with Browser(chromium) as browser:
                browser.view(1440, 900)
                browser.open(url)
                check_formulas(browser, check, program)
                check_dials(browser, check, program, url)
        except BrowserError as error:
            print(f"revaluation_test: {error}", file=sys.stderr)
            return 2
    return 1 if check.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
