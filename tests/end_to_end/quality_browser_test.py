#!/usr/bin/env python3
"""Uses the sections on price and on two systems as a reader does: quality_browser_test.py PROGRAM KIND

One chart of price for each choice, kept by a link; the pair's numbers and flips against summary.json
and report.json; the two answers side by side, their difference word by word; what a chart says in
Chinese, and in a saved SVG. With KIND "large" it prints how long 200,000 samples take.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import time

from browser_check import Check, noise
from devtools import Browser, BrowserError, find_chromium
from sample_browser_test import OURS, open_page, promised, wait_for

VISIBLE = """[...document.querySelectorAll('#price figure')].filter(
    figure => figure.getBoundingClientRect().width > 0).map(figure => figure.id)"""


def check_price(browser, check, url, suites):
    open_page(browser, url)
    problems = []

    def expect(wanted):
        seen = browser.evaluate(VISIBLE)
        if len(seen) != len(wanted) or any(part not in name for part, name in zip(wanted, seen)):
            problems.append(f"shows {seen}, should show {wanted}")

    expect(["usd-per-correct"] * (1 + suites))
    browser.evaluate("state.set({price: 'usd_per_task', pricesuite: '*'})")
    expect(["usd-per-task--"])
    link = browser.evaluate("location.href")
    open_page(browser, link)
    expect(["usd-per-task--"])
    last = browser.evaluate("[...document.querySelector('[data-state=pricesuite]').options].at(-1).value")
    browser.evaluate(f"state.set({{price: 'usd_per_mtok_blended', pricesuite: {json.dumps(last)}}})")
    expect(["usd-per-mtok-blended-" + "".join(c if c.isalnum() else "-" for c in last)])
    check.say("one chart of price for each choice, kept by a link", problems)


def pair_state(browser):
    return browser.evaluate("""(() => {
      const facts = [...document.querySelectorAll('.pair-numbers dd')].map(dd => dd.textContent);
      const lists = [...document.querySelectorAll('.pair-flips > div')].map(
          div => Number(div.querySelector('h4').textContent.split(': ').at(-1)));
      return {facts, lists, links: document.querySelectorAll('.flip-list a').length}; })()""")


def metric(pair, tag):
    return next(one for one in pair["metrics"] if one["tag"] == tag)


def check_pairs(browser, check, url, summary):
    open_page(browser, url)
    labels = browser.evaluate("[...document.querySelector('[data-state=a]').options].map(o => o.value)")
    names = list(dict.fromkeys(row["system"] for row in summary["rows"]))
    problems = []
    for pair in summary["comparisons"]:
        for first, second, sign in (("a", "b", 1), ("b", "a", -1)):
            a, b = (labels[names.index(pair[side])] for side in (first, second))
            browser.evaluate(f"state.set({json.dumps({'a': a, 'b': b})})")
            seen = pair_state(browser)
            wanted = [metric(pair, tag)["value"] for tag in ("only_" + first, "only_" + second)]
            if seen["lists"] != wanted:
                problems.append(f"{a}, {b}: flips {seen['lists']}, summary has {wanted}")
            difference = metric(pair, "difference")
            low, high = sorted(sign * 100 * difference[end] for end in ("low", "high"))
            text = f"{sign * 100 * difference['value']:.1f} [{low:.1f}, {high:.1f}]"
            if seen["facts"][0].replace("-0.0", "0.0") != text.replace("-0.0", "0.0"):
                problems.append(f"{a} − {b} is {seen['facts'][0]}, summary has {text}")
            if f"{metric(pair, 'paired')['value']:,.0f}" not in seen["facts"]:
                problems.append(f"{a}, {b}: questions of both: {seen['facts']}")
    check.say("numbers and flips of every pair, both ways round, are the summary's", problems,
              f"{len(summary['comparisons'])} pairs")


def check_flip(browser, check):
    """Opens the first flip by its link; a copied address shows it again, and the sample."""
    browser.evaluate("document.querySelector('.flip-list a').click()")
    wait_for(browser, "document.querySelector('.pair-sides') !== null")
    link = browser.evaluate("location.href")
    problems = []
    open_page(browser, link)
    wait_for(browser, "document.querySelector('.pair-sides') !== null")
    outcomes = browser.evaluate("[...document.querySelectorAll('.pair-sides h4 .word')].map("
                                "node => node.textContent)")
    if len(outcomes) != 2 or (outcomes[0] == "right") == (outcomes[1] == "right"):
        problems.append(f"not one right and one not: {outcomes}")
    foreign = set(browser.evaluate("[...document.querySelectorAll('#pair *')].map(n => n.tagName)"))
    foreign -= OURS | {"MARK", "UL", "LI", "A", "SMALL", "LABEL", "SELECT", "OPTION"}
    if foreign:
        problems.append(f"elements that are not the page's: {foreign}")
    browser.evaluate("document.querySelector('.pair-sides a').click()")
    wait_for(browser, "document.querySelector('.sample-detail .chosen') !== null")
    opened = browser.evaluate("state.get('sample')")
    if opened != browser.evaluate("state.get('flip')"):
        problems.append(f"the link opens {opened}")
    check.say("a flip opens side by side, by its address too, and leads to the sample", problems)


# [a, b, the words that differ of each]
DIFFS = [
    ["the sum is 12", "the sum is 13", ["12"], ["13"]],
    ["same", "same", [], []],
    ["", "all new", [], ["all new"]],
    ["one two three four", "one three two four", ["two "], ["two "]],
    ["答案是七", "答案是八", ["七"], ["八"]],
    ["a\nb", "a b", ["\n"], [" "]],
    ["<b>1</b>", "<b>2</b>", ["1"], ["2"]],
]


def check_diff(browser, check):
    problems = []
    for a, b, wanted_a, wanted_b in DIFFS:
        found = browser.evaluate(f"""(() => {{
          const diff = wordDiff({json.dumps(a)}, {json.dumps(b)});
          const marked = parts => parts.filter(([, differs]) => differs).map(([text]) => text);
          const whole = parts => parts.map(([text]) => text).join('');
          return [marked(diff.a), marked(diff.b), whole(diff.a), whole(diff.b)]; }})()""")
        if found[2:] != [a, b]:
            problems.append(f"{a!r}, {b!r} become {found[2:]}")
        # Two longest common subsequences may be as long: how much is marked is what is sure.
        if [len("".join(part)) for part in found[:2]] != [len("".join(w)) for w in (wanted_a, wanted_b)]:
            problems.append(f"{a!r}, {b!r}: marks {found[:2]}, should mark {[wanted_a, wanted_b]}")
    coarse = browser.evaluate("wordDiff('x ' + 'a b '.repeat(3000), 'y ' + 'c d '.repeat(3000)).coarse")
    if not coarse:
        problems.append("6,000 words against 6,000 are compared word by word")
    check.say("what differs is marked, word by word", problems, f"{len(DIFFS)} pairs of texts")


def check_words(browser, check, url):
    """A chart's words follow the page's language, also in what is saved of it."""
    open_page(browser, url)
    browser.evaluate("state.set({lang: 'zh'})")
    said = browser.evaluate("""(() => {
      const chart = visibleChart(document.querySelector('#price figure'));
      const point = chart.querySelector('g > title').parentElement;
      return [chart.querySelector('text.name').textContent, point.getAttribute('aria-label'),
              svgOf(chart).includes('>准确率<')]; })()""")
    wanted = said[0] == "准确率" and "准确率" in said[1] and said[2]
    names = browser.evaluate("""[...document.querySelectorAll('svg.plot text.name:not(.word)')].map(
        node => node.textContent)""")
    english = sorted({name for name in names if name.isascii() and len(name) > 3})
    check.say("charts speak the page's language, saved ones too",
              ([] if wanted else [said]) + [f"no word: {name}" for name in english])


def time_large(browser, url):
    open_page(browser, url)
    took = promised(browser, """(async () => {
      const started = performance.now();
      state.set({a: [...document.querySelector('[data-state=a]').options][1].value,
                 b: [...document.querySelector('[data-state=b]').options][2].value});
      return performance.now() - started; })()""")
    print(f"pair of 200,000 samples chosen in {took:.0f} ms: {pair_state(browser)}")
    started = time.monotonic()
    browser.evaluate("document.querySelector('.flip-list a').click()")
    wait_for(browser, "document.querySelector('.pair-sides') !== null")
    print(f"two answers side by side after {1000 * (time.monotonic() - started):.0f} ms")


def main(program, kind):
    chromium = find_chromium()
    if chromium is None:
        print("quality_browser_test: no chromium on the PATH; install the package chromium", file=sys.stderr)
        return 2
    check = Check()
    with tempfile.TemporaryDirectory() as folder, Browser(chromium) as browser:
        arguments = [] if kind == "large" else ["60"]
        subprocess.run([program, kind, folder, *arguments], check=True, stdout=subprocess.DEVNULL)
        place = pathlib.Path(folder)
        url = (place / "report.html").as_uri()
        browser.view(1440, 900)
        if kind == "large":
            time_large(browser, url)
            return 0
        summary = json.loads((place / "summary.json").read_text(encoding="utf-8"))
        suites = len({row["suite"] for row in summary["rows"]} - {"*"})
        if suites > 1:
            check_price(browser, check, url, suites)
        check_pairs(browser, check, url, summary)
        check_flip(browser, check)
        check_diff(browser, check)
        check_words(browser, check, url)
        console, requests = noise(browser.events)
        check.say("no console error, no request", console + [one for one in requests if "file:" not in one])
    return 1 if check.failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except BrowserError as error:
        print(f"FAIL {error}")
        sys.exit(1)
