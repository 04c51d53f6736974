#!/usr/bin/env python3
"""Opens a report in headless Chromium and checks what a reader would see.

    browser_check.py REPORT.html SUMMARY.json

SUMMARY.json is a run's, or a list of those of several runs.
No console error, no request, the table's rows and exact numbers equal to summary.json, a table under
every chart, nothing that sticks out or overlaps at three widths, contrast in light and dark, and the
same page with scripts forbidden. Prints one line a check; exits 0, or 1 when one failed, or 2 when it
could not look. Needs Chromium and Python's standard library.
"""

import json
import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from devtools import Browser, BrowserError, find_chromium  # noqa: E402

WIDTHS = (1440, 768, 390)

ROWS = """[...document.querySelectorAll('table.summary tbody tr[data-system]')].map(tr => ({
  run: tr.dataset.run, system: tr.dataset.system, suite: tr.dataset.suite,
  cells: [...tr.querySelectorAll('td[data-tag]')].map(td => ({
    tag: td.dataset.tag, value: td.dataset.value ?? null, low: td.dataset.low ?? null,
    high: td.dataset.high ?? null, text: td.textContent}))}))"""

# A figure holds a visible chart and then a table, or the reason why there is no chart.
# Those that a reader did not choose are hidden; without script all stand.
FIGURES = """[...document.querySelectorAll('figure.chart')].filter(
    figure => !figure.closest('[hidden]')).map(figure => {
  const charts = [...figure.querySelectorAll('svg.plot')];
  const seen = charts.filter(svg => svg.getBoundingClientRect().width > 0);
  const table = figure.querySelector('table');
  const after = charts.every(svg => table &&
      (svg.compareDocumentPosition(table) & Node.DOCUMENT_POSITION_FOLLOWING));
  return {title: figure.querySelector('figcaption').textContent, charts: charts.length,
          seen: seen.length, reason: (figure.querySelector('.reason') || {}).textContent || '',
          rows: table ? table.querySelectorAll('tbody tr').length : 0, after,
          marks: seen.length ? seen[0].querySelectorAll('g.mark').length : 0,
          named: seen.every(svg => svg.getAttribute('aria-label'))};
})"""

# Texts of one chart that cover each other, or leave the chart.
OVERLAPS = """(() => {
  const found = [];
  for (const svg of document.querySelectorAll('svg.plot')) {
    const frame = svg.getBoundingClientRect();
    if (frame.width === 0) continue;
    const texts = [...svg.querySelectorAll('text')].map(text => [text.textContent,
                                                                 text.getBoundingClientRect()]);
    texts.forEach(([name, box], i) => {
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 ||
          box.bottom > frame.bottom + 1) found.push(name + ' leaves its chart');
      for (const [other, place] of texts.slice(i + 1)) {
        const wide = Math.min(box.right, place.right) - Math.max(box.left, place.left);
        const high = Math.min(box.bottom, place.bottom) - Math.max(box.top, place.top);
        if (wide > 1 && high > 2) found.push(name + ' covers ' + other);
      }
    });
  }
  return found;
})()"""

# Text whose colour stands less than 4.5:1 from what is behind it (WCAG 2, 1.4.3).
CONTRAST = """(() => {
  const rgb = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v =>
      v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
      .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = node => {
    for (; node; node = node.parentElement) {
      const colour = rgb(getComputedStyle(node).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const poor = new Set();
  // What is folded away is passed over: asking for its place would lay all of it out.
  const folded = node => node.matches('.q:not([open])') ||
      (node.parentElement.matches('details:not([open])') && node.tagName !== 'SUMMARY');
  const walker = document.createTreeWalker(
      document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT,
      node => node.nodeType === 1 && folded(node) ? NodeFilter.FILTER_REJECT
                                                   : NodeFilter.FILTER_ACCEPT);
  while (walker.nextNode()) {
    if (walker.currentNode.nodeType !== 3 || !walker.currentNode.data.trim()) continue;
    const node = walker.currentNode.parentElement;
    if (!node.getClientRects().length) continue;
    const style = getComputedStyle(node);
    const front = light(rgb(node.ownerSVGElement ? style.fill : style.color));
    const back = light(behind(node));
    const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
    if (ratio < 4.5) poor.add(node.tagName + '.' + (node.className.baseVal ?? node.className) +
                              ' ' + ratio.toFixed(2));
  }
  return [...poor].slice(0, 10);
})()"""

# The page has one script of its own; other script elements are data and do not run.
FOREIGN_SCRIPTS = """(() => {
  const running = [...document.querySelectorAll('script')].filter(
      node => !['application/json', 'application/octet-stream'].includes(node.type));
  const found = running.filter(node => node.type || node.src).map(node => node.outerHTML.slice(0, 80));
  if (running.length !== 1) found.push(running.length + ' scripts run');
  for (const node of document.querySelectorAll('*')) {
    for (const attribute of node.attributes) {
      if (attribute.name.startsWith('on')) found.push(node.tagName + ' ' + attribute.name);
    }
  }
  return found;
})()"""

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# All but the answers, of which the first fifty stand for the rest.
UNFOLD = """document.querySelectorAll('details:not(.q)').forEach(details => { details.open = true; });
[...document.querySelectorAll('.q')].forEach((details, i) => {
  if (i < 50) details.open = true; else details.remove(); })"""


class Check:
    """Collects verdicts, one line each."""

    def __init__(self):
        self.failed = 0

    def say(self, name, problems, seen=""):
        if problems:
            self.failed += 1
            shown = [str(problem) for problem in problems]
            more = f" … and {len(shown) - 5} more" if len(shown) > 5 else ""
            print(f"FAIL {name}: " + "; ".join(shown[:5]) + more)
        else:
            print(f"ok   {name}" + (f": {seen}" if seen else ""))


def noise(events):
    """What the page said on the console, and what it asked the network for."""
    console = []
    requests = []
    for event in events:
        params = event.get("params", {})
        if event["method"] == "Runtime.exceptionThrown":
            console.append(params["exceptionDetails"].get("text", "exception"))
        elif event["method"] == "Runtime.consoleAPICalled" and params["type"] in ("error", "assert"):
            console.append(" ".join(str(arg.get("value")) for arg in params["args"]))
        elif event["method"] == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            console.append(params["entry"]["text"])
        elif event["method"] == "Network.requestWillBeSent":
            requests.append(params["request"]["url"])
    return console, requests


def differing_cell(cell, metric):
    """Why a cell does not say what summary.json says, or None."""
    if metric is None or metric.get("value") is None:
        return None if cell["value"] is None and cell["text"] == "—" else "should be unknown"
    for bound in ("value", "low", "high"):
        shown = cell[bound]
        if (shown is None) != (metric.get(bound) is None):
            return f"{bound} is {shown}, summary has {metric.get(bound)}"
        if shown is not None and float(shown) != float(metric[bound]):
            return f"{bound} is {shown}, summary has {metric[bound]}"
    return None


def compare_rows(shown, summary):
    """Differences between the table and summary.json, and how many numbers were compared."""
    problems = []
    compared = 0
    wanted = {(row["run"], row["system"], row["suite"]): row for row in summary["rows"]}
    if len(shown) != len(summary["rows"]):
        problems.append(f"{len(shown)} rows on the page, {len(summary['rows'])} in the summary")
    for row in shown:
        key = (row["run"], row["system"], row["suite"])
        if key not in wanted:
            problems.append(f"row {key} is not in the summary")
            continue
        metrics = {metric["tag"]: metric for metric in wanted[key]["metrics"]}
        if not row["cells"]:
            problems.append(f"row {key} has no cells")
        for cell in row["cells"]:
            compared += 1
            why = differing_cell(cell, metrics.get(cell["tag"]))
            if why:
                problems.append(f"{key} {cell['tag']}: {why}")
    return problems, compared


# Every number on the page that is a metric, wherever it stands.
NUMBERS = """[...document.querySelectorAll('td[data-tag][data-value]')].map(td => ({
  tag: td.dataset.tag, system: td.dataset.system, suite: td.dataset.suite, value: td.dataset.value}))"""


def number_problems(numbers, summary, count=50):
    """Of `count` numbers at random, those that summary.json does not have under their tag."""
    wanted = {}
    for row in summary["rows"]:
        for metric in row["metrics"]:
            key = (row["system"], row["suite"], metric["tag"])
            # Systems of several runs share names: one of them must have said it.
            wanted.setdefault(key, []).append(metric["value"])
    problems = []
    for number in random.Random(count).sample(numbers, min(count, len(numbers))):
        key = (number["system"], number["suite"], number["tag"])
        values = wanted.get(key, [])
        if not any(value is not None and float(number["value"]) == float(value) for value in values):
            problems.append(f"{key} is {number['value']}, summary has {values}")
    return problems


def figure_problems(figures):
    problems = []
    for figure in figures:
        name = figure["title"]
        if figure["charts"] == 0:
            if not figure["reason"].strip():
                problems.append(f"'{name}' has neither a chart nor a reason")
            continue
        if figure["seen"] != 1:
            problems.append(f"'{name}' shows {figure['seen']} charts at once")
        if figure["rows"] == 0 or not figure["after"]:
            problems.append(f"'{name}' is not followed by its table")
        if figure["marks"] == 0:
            problems.append(f"'{name}' has no marks")
        if not figure["named"]:
            problems.append(f"'{name}' has no description")
    if not figures:
        problems.append("no figure on the page")
    return problems


def look(browser, check, width, dark):
    """One window size and colour scheme."""
    name = f"{width} px {'dark' if dark else 'light'}"
    browser.view(width, 900, dark)
    sticks_out = browser.evaluate(OVERFLOW)
    check.say(f"{name}: nothing wider than the window",
              [f"{sticks_out} px too wide"] if sticks_out > 0 else [])
    check.say(f"{name}: no text covers another", browser.evaluate(OVERLAPS))
    check.say(f"{name}: contrast at least 4.5", browser.evaluate(CONTRAST))
    figures = browser.evaluate(FIGURES)
    check.say(f"{name}: every chart has its table", figure_problems(figures),
              f"{len(figures)} figures")


def check_page(browser, check, url, summary):
    browser.view(WIDTHS[0], 900)
    browser.open(url)
    problems, compared = compare_rows(browser.evaluate(ROWS), summary)
    check.say("rows equal summary.json", problems,
              f"{len(summary['rows'])} rows, {compared} numbers")
    numbers = browser.evaluate(NUMBERS)
    check.say("50 numbers at random are in summary.json", number_problems(numbers, summary),
              f"of {len(numbers)}")
    for width in WIDTHS:
        for dark in (False, True):
            look(browser, check, width, dark)
    browser.view(WIDTHS[-1], 900)
    browser.evaluate(UNFOLD)
    sticks_out = browser.evaluate(OVERFLOW)
    check.say("unfolded at 390 px: nothing wider than the window",
              [f"{sticks_out} px too wide"] if sticks_out > 0 else [])
    check.say("unfolded at 390 px: contrast at least 4.5", browser.evaluate(CONTRAST))
    console, requests = noise(browser.events)
    check.say("no console error", console)
    check.say("no request but the page itself", [found for found in requests if found != url])
    check.say("no script came from a model", browser.evaluate(FOREIGN_SCRIPTS))


# Texts of the interface that have no row in the table of languages.
UNTRANSLATED = """(() => {
  state.set({lang: 'zh'});
  const missing = [...document.querySelectorAll('.word')].map(node => node.dataset.k)
      .filter(text => !(text in words));
  const lang = document.documentElement.lang;
  state.set({lang: 'en'});
  return [...new Set(missing), ...(lang === 'zh' ? [] : ['the page stays in ' + lang])];
})()"""

# Pressing Tab from the start reaches every control and every chart that can be seen.
UNREACHED = """(() => {
  const wanted = [...document.querySelectorAll('a[href],button,input,select,summary,[tabindex="0"]')]
      .filter(node => node.getClientRects().length && !node.disabled && node.tabIndex < 0);
  const charts = [...document.querySelectorAll('svg.plot')]
      .filter(svg => svg.getBoundingClientRect().width > 0 && svg.querySelector('g > title') &&
                     !svg.querySelector('[tabindex="0"]'));
  return [...wanted, ...charts].map(node => node.outerHTML.slice(0, 60));
})()"""


def check_script(browser, check, url):
    """What the page's own script adds: languages, keyboard, a link that restores the view."""
    browser.view(WIDTHS[0], 900)
    browser.open(url)
    check.say("every text of the interface is in both languages", browser.evaluate(UNTRANSLATED))
    check.say("the keyboard reaches every control and chart", browser.evaluate(UNREACHED))
    browser.evaluate("state.set({lang: 'zh'})")
    link = browser.evaluate("location.href")
    browser.open("about:blank")
    browser.open(link)
    restored = browser.evaluate("document.documentElement.lang + ' ' + state.get('lang')")
    check.say("a link restores the view", [] if restored == "zh zh" else [f"{link} gives {restored}"])


def check_without_script(browser, check, url, summary):
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    browser.view(WIDTHS[0], 900)
    browser.open(url)
    problems, _ = compare_rows(browser.evaluate(ROWS), summary)
    problems += figure_problems(browser.evaluate(FIGURES))
    check.say("the same with script forbidden", problems)


def rows_of(summaries):
    """The rows of one summary or of several, each naming its run."""
    summaries = summaries if isinstance(summaries, list) else [summaries]
    return {"rows": [{**row, "run": summary["run"]} for summary in summaries
                     for row in summary["rows"]]}


def main(arguments):
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    page, summary_file = (pathlib.Path(name).resolve() for name in arguments)
    program = find_chromium()
    if program is None:
        print("browser_check: no chromium on the PATH; install the package chromium", file=sys.stderr)
        return 2
    check = Check()
    try:
        summary = rows_of(json.loads(summary_file.read_text(encoding="utf-8")))
        if not page.is_file():
            raise OSError(f"{page}: no such file")
        with Browser(program) as browser:
            check_page(browser, check, page.as_uri(), summary)
            check_script(browser, check, page.as_uri())
            check_without_script(browser, check, page.as_uri(), summary)
    except (OSError, ValueError, BrowserError) as error:
        print(f"browser_check: {error}", file=sys.stderr)
        return 2
    print(f"{check.failed} checks failed" if check.failed else "all checks passed")
    return 1 if check.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
