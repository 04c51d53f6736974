#!/usr/bin/env python3
"""Uses the sample browser of a fixture's page as a reader does: sample_browser_test.py PROGRAM KIND

Filters against counts made from report.json, search, permalink, keyboard, and that hostile texts stay
texts. With KIND "large" it writes 200,000 samples and prints how long a reader waits; that fails on
nothing but a broken page.
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import time

from browser_check import Check, noise
from devtools import Browser, BrowserError, find_chromium

READY = "document.querySelector('.sample-row') !== null"
SEARCHED = "/searched (\\S+) of \\1 parts/.test(document.querySelector('.sample-status').textContent)"
SELECTED = ".sample-row[aria-selected=true]"
# What the page itself makes of a sample.
OURS = {"H3", "H4", "CODE", "SPAN", "SECTION", "DETAILS", "SUMMARY", "P", "PRE", "B", "I", "DL", "DT",
        "DD", "BUTTON", "DIV", "TABLE", "TBODY", "TR", "TD"}


def promised(browser, expression):
    """What the promise of a JavaScript expression comes to."""
    answer = browser.call("Runtime.evaluate", awaitPromise=True, returnByValue=True,
                          expression=expression)
    if "exceptionDetails" in answer:
        raise BrowserError("promised: " + json.dumps(answer["exceptionDetails"])[:500])
    return answer["result"].get("value")


def wait_for(browser, condition):
    """Until the JavaScript condition holds in the page, or BrowserError."""
    held = promised(browser, f"""
        new Promise(done => {{
          const end = performance.now() + 30000;
          const look = () => {{
            const holds = {condition};
            if (holds || performance.now() > end) done(Boolean(holds));
            else setTimeout(look, 10);
          }};
          look();
        }})""")
    if not held:
        raise BrowserError("waited in vain for: " + condition)


def open_page(browser, url):
    browser.call("Page.navigate", url="about:blank")  # Else another hash would be no new page.
    browser.wait_for("Page.loadEventFired")
    browser.open(url)
    wait_for(browser, READY)


def key(browser, name, text=""):
    browser.call("Input.dispatchKeyEvent", type="keyDown", key=name, code=name, text=text)
    browser.call("Input.dispatchKeyEvent", type="keyUp", key=name, code=name)


def set_state(browser, **changes):
    """As the controls do; how many samples the page then says it shows."""
    browser.evaluate(f"state.set({json.dumps(changes)})")
    return shown(browser)


def shown(browser):
    status = browser.evaluate("document.querySelector('.sample-status').textContent")
    return int(status.split(" of ")[0].replace(",", ""))


def detail(browser):
    return browser.evaluate("document.querySelector('.sample-detail').textContent")


def questions_of(samples):
    """Outcomes of all answers to each question."""
    questions = {}
    for sample in samples:
        questions.setdefault((sample["suite"], sample["sample"]), []).append(sample["score"]["outcome"])
    return questions


def check_filters(browser, check, samples):
    problems = []

    def expect(changes, fits):
        wanted = sum(1 for sample in samples if fits(sample))
        found = set_state(browser, **changes)
        if found != wanted:
            problems.append(f"{changes} shows {found}, report.json has {wanted}")
        set_state(browser, **{name: "" for name in changes})

    for outcome in {sample["score"]["outcome"] for sample in samples}:
        expect({"outcome": outcome}, lambda s: s["score"]["outcome"] == outcome)
    systems = browser.evaluate("[...document.querySelector('[data-state=model]').options]"
                               ".slice(1).map(option => option.value)")
    names = list(dict.fromkeys(sample["system"] for sample in samples))
    suites = {sample["suite"] for sample in samples}
    for label, system in zip(systems, names):
        for suite in suites:
            expect({"model": label, "suite": suite},
                   lambda s: s["system"] == system and s["suite"] == suite)
        expect({"model": label, "outcome": "wrong"},
               lambda s: s["system"] == system and s["score"]["outcome"] == "wrong")
    outcomes = questions_of(samples)

    def split(sample):
        answers = outcomes[sample["suite"], sample["sample"]]
        return 0 < answers.count("right") < len(answers)

    def not_all(sample):
        answers = outcomes[sample["suite"], sample["sample"]]
        return answers.count("right") < len(answers)

    expect({"only": "split"}, split)
    expect({"only": "bad"}, not_all)
    check.say("filters give the counts of report.json", problems, f"{len(samples)} samples")


def check_order(browser, check, samples):
    costs = sorted(sample["score"]["cost_usd"] for sample in samples
                   if sample["score"]["cost_usd"] is not None)
    problems = []
    # The whole order, as the page's own columns have it.
    wrong = promised(browser, """openSamples().then(store => Object.entries(kSampleOrders).filter(
        ([name, [column, direction]]) => {
          const order = sampleOrder(store, name);
          const at = i => store.column[column][order[i]];
          const seen = new Set(order);
          for (let i = 1; i < order.length; ++i) {
            const [a, b] = [at(i - 1), at(i)];
            if (direction * a > direction * b || (a !== a && b === b)) return true;
            if (a === b && order[i - 1] > order[i]) return true;
          }
          return seen.size !== store.count;
        }).map(([name]) => name))""")
    problems += [f"{name} is out of order" for name in wrong]
    for order, wanted in (("cost", costs[-1]), ("cheap", costs[0])):
        set_state(browser, sort=order)
        text = browser.evaluate("document.querySelector('.sample-row em:last-of-type').textContent")
        found = float(text.lstrip("$"))
        if abs(found - wanted) > 0.006 * wanted:
            problems.append(f"{order}: first costs {found}, should be {wanted}")
    set_state(browser, sort="")
    check.say("sorted by cost", problems)


def holds(sample, text):
    """Whether a reader would find the text in the sample."""
    request = sample["request"]
    completion = sample["completion"]
    texts = [sample["sample"], request["messages"][-1]["content"], completion["text"],
             completion.get("reasoning", ""), sample["score"]["gold"], sample["score"]["extracted"],
             completion.get("failure", {}).get("message", ""), *request.get("continuations", [])]
    return any(text in one[:20000].lower() for one in texts)


def check_search(browser, check, samples, text):
    set_state(browser, q=text)
    wait_for(browser, SEARCHED)
    found = shown(browser)
    # The prompt of a question belongs to all its answers.
    wanted = sum(1 for sample in samples if holds(sample, text))
    check.say(f"search finds '{text}'",
              [] if found == wanted > 0 else [f"found {found}, report.json has {wanted}"])
    set_state(browser, q="", sample="")


def check_keyboard(browser, check):
    problems = []
    key(browser, "/", "/")
    if browser.evaluate("document.activeElement.type") != "search":
        problems.append("/ does not reach the search box")
    key(browser, "6", "6")
    wait_for(browser, "state.get('q') === '6'")
    browser.evaluate("document.querySelector('input[type=search]').value = ''")
    set_state(browser, q="")
    browser.evaluate("document.querySelector('.sample-list').focus()")
    key(browser, "ArrowDown")
    key(browser, "ArrowDown")
    key(browser, "ArrowUp")
    at = f"document.querySelector({SELECTED!r})"
    if browser.evaluate(at + ".ariaPosInSet") != "2":
        problems.append("down, down, up does not end on the second row")
    key(browser, "End")
    wait_for(browser, f"{at} !== null && {at}.ariaPosInSet === '{shown(browser)}'")
    if browser.evaluate("document.querySelectorAll('.sample-row').length") > 80:
        problems.append("rows out of sight are in the page")
    key(browser, "Home")
    key(browser, "Enter")
    wait_for(browser, "document.querySelector('.sample-answer.chosen') !== null")
    key(browser, "Escape")
    if browser.evaluate("!document.querySelector('.sample-detail').hidden || state.get('sample') !== ''"):
        problems.append("Escape does not close the sample")
    if browser.evaluate("document.activeElement.className") != "sample-list":
        problems.append("Escape does not lead back to the list")
    check.say("keyboard", problems)


def check_permalink(browser, check, url, samples):
    problems = []
    set_state(browser, outcome="wrong", sort="length", only="split")
    before = shown(browser)
    browser.evaluate("document.querySelector('.sample-list').focus()")
    key(browser, "ArrowDown")
    key(browser, "Enter")
    wait_for(browser, "document.querySelector('.sample-answer.chosen') !== null")
    text = detail(browser)
    link = browser.evaluate("location.href")
    open_page(browser, link)
    wait_for(browser, "document.querySelector('.sample-answer.chosen') !== null")
    if detail(browser) != text:
        problems.append("another sample is open")
    if shown(browser) != before:
        problems.append(f"{shown(browser)} samples are listed, {before} were")
    controls = browser.evaluate("['outcome', 'sort', 'only'].map(key => "
                                "document.querySelector('[data-state=' + key + ']').value)")
    if controls != ["wrong", "length", "split"]:
        problems.append(f"the controls say {controls}")
    open_page(browser, url + "#sample=no/such/one/a/0")
    wait_for(browser, "!document.querySelector('.sample-detail').hidden")
    if "not in the report" not in detail(browser):
        problems.append("a sample that is not there is not called so")
    open_page(browser, url + "#sample=%25E0%25A4&model=nobody")
    if shown(browser) != len(samples):
        problems.append("a model that is not there filters")
    check.say("permalink restores the view", problems)


def check_texts(browser, check, samples):
    """Every sample opened: its text is text, and nothing but the page's own elements holds it."""
    problems = []
    title = browser.evaluate("document.title")
    set_state(browser, sort="journal")
    browser.evaluate("document.querySelector('.sample-list').focus()")
    for number, sample in enumerate(samples):
        key(browser, "Enter" if number == 0 else "ArrowDown")
        wait_for(browser, f"document.querySelector({SELECTED!r}).ariaPosInSet === '{number + 1}' && "
                 f"document.querySelector({SELECTED!r}).dataset.sample === "
                 "document.querySelector('.sample-detail').dataset.sample")
        text = sample["completion"]["text"]
        plain = re.match(r"[\x20-\x7e]*", text).group()[:2000]
        if plain not in detail(browser):
            problems.append(f"sample {number} does not show {plain[:40]!r}")
        tags = set(browser.evaluate("[...document.querySelectorAll('.sample-detail *, .sample-list *')]"
                                    ".map(node => node.tagName)"))
        strange = tags - OURS - {"EM", "SMALL"}
        if strange:
            problems.append(f"sample {number} made elements {sorted(strange)}")
    if browser.evaluate("document.title") != title:
        problems.append("the title changed")
    if browser.evaluate("document.documentElement.scrollWidth > innerWidth"):
        problems.append("the page became wider than the window")
    check.say("texts are texts", problems, f"{len(samples)} samples opened")
    set_state(browser, sort="", sample="")


def check_old_browser(browser, check, url):
    """One that cannot unpack keeps the short list."""
    added = browser.call("Page.addScriptToEvaluateOnNewDocument",
                         source="delete globalThis.DecompressionStream")
    browser.open(url)
    seen = browser.evaluate("document.querySelector('#samples-static .q') !== null && "
                            "document.querySelector('#samples-browser').hidden")
    browser.call("Page.removeScriptToEvaluateOnNewDocument", identifier=added["identifier"])
    check.say("a browser that cannot unpack shows the short list", [] if seen else ["it does not"])


def check_language(browser, check):
    browser.evaluate("state.set({lang: 'zh'})")
    status = browser.evaluate("document.querySelector('.sample-status').textContent")
    option = browser.evaluate("document.querySelector('[data-state=outcome]').options[0].textContent")
    browser.evaluate("state.set({lang: 'en'})")
    check.say("Chinese texts", [] if "个样本" in status and option == "所有结果" else [status, option])


def run_checks(browser, folder, check):
    url = (folder / "report.html").as_uri()
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    samples = report["runs"][0]["samples"]
    browser.view(1440, 900)
    open_page(browser, url)
    if browser.evaluate("document.querySelector('#samples-static') !== null"):
        check.say("the browser replaces the short list", ["both are there"])
    check_filters(browser, check, samples)
    check_order(browser, check, samples)
    check_search(browser, check, samples, "10")
    if any("desrever" in sample["completion"]["text"] for sample in samples):
        # In prompts, in the tail of answers alone, in one thought alone.
        for text in ("desrever", "<script>", "[[ planted", "aside <i>"):
            check_search(browser, check, samples, text)
    check_keyboard(browser, check)
    check_language(browser, check)
    browser.view(390, 900)
    check_texts(browser, check, samples[:60])
    browser.view(1440, 900)
    events = list(browser.events)
    check_permalink(browser, check, url, samples)
    console, requests = noise(events + browser.events)
    check.say("no console error", console)
    strange = [found for found in requests if not found.startswith((url, "about:blank"))]
    dialogs = [event for event in events + browser.events
               if event["method"] == "Page.javascriptDialogOpening"]
    check.say("no request, no dialog", strange + dialogs)
    check_old_browser(browser, check, url)


def figures(browser, folder):
    """How long a reader of the large page waits."""
    url = (folder / "report.html").as_uri()
    browser.view(1440, 900)
    started = time.monotonic()
    open_page(browser, url)
    ready = time.monotonic() - started
    paint = browser.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    print(f"file             {(folder / 'report.html').stat().st_size / 1e6:.1f} MB")
    print(f"first paint      {paint:.0f} ms")
    print(f"list ready       {1e3 * ready:.0f} ms")
    suite = browser.evaluate("document.querySelector('[data-state=suite]').options[2].value")
    model = browser.evaluate("document.querySelector('[data-state=model]').options[2].value")
    for changes in ({"model": model}, {"suite": suite}, {"outcome": "wrong"}, {"only": "split"},
                    {"sort": "cost"}, {"sort": "length"}, {"sort": "cost"}, {"q": "a0042"},
                    {"model": "", "suite": "", "outcome": "", "only": "", "sort": "", "q": ""}):
        took = browser.evaluate(f"""(() => {{
            const began = performance.now();
            state.set({json.dumps(changes)});
            document.querySelector('.sample-row:last-child').getBoundingClientRect();
            return performance.now() - began; }})()""")
        print(f"filter {took:6.1f} ms {shown(browser):>9,} samples  {json.dumps(changes)}")
    started = time.monotonic()
    set_state(browser, q="therefore 4711")
    wait_for(browser, SEARCHED)
    print(f"all texts searched in {time.monotonic() - started:.1f} s, {shown(browser)} samples found")


def main(program, kind):
    chromium = find_chromium()
    if chromium is None:
        print("sample_browser_test: no chromium on the PATH; install the package chromium",
              file=sys.stderr)
        return 2
    check = Check()
    with tempfile.TemporaryDirectory() as name:
        command = [program, kind, name] + ([] if kind == "large" else ["60"])
        written = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        with Browser(chromium) as browser:
            if kind == "large":
                print("written          " + written.split()[-2] + " s")
                figures(browser, pathlib.Path(name))
            else:
                run_checks(browser, pathlib.Path(name), check)
    print(f"{check.failed} checks failed" if check.failed else "all checks passed")
    return 1 if check.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
