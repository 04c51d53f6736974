"""No function over 80 lines, no file over 400. Usage: check_sizes.py ROOT

A function counts from the first line of its declaration to its closing brace, with comments and
blank lines: what a reader has to scroll. Lambdas and local classes count with what holds them.
"""

import re
import sys

import tree

MOST_FUNCTION_LINES = 80
MOST_FILE_LINES = 400
CONTAINER = re.compile(r"\b(namespace|class|struct|union|enum)\b|\bextern\s*$")


def blank_directives(text):
    """Preprocessor lines, with their continuations, turned into spaces."""
    return re.sub(r"^[ \t]*#(?:\\\n|[^\n])*", lambda m: re.sub(r"[^\n]", " ", m.group()), text,
                  flags=re.MULTILINE)


def opens_function(declaration):
    """Whether the brace after this text begins a function: a parameter list outside of templates,
    attributes and initialisers. `class X : Y<f()> {` and `int a[] = {` do not."""
    declaration = re.sub(r"\btemplate\s*<[^{};]*?>\s*(?=[\w\[])", " ", declaration)
    head = declaration.split("(")[0]
    if "(" not in declaration or CONTAINER.search(re.sub(r"\bstruct\b(?=\s+\w+\s+\w+\s*$)", "", head)):
        return False
    return not re.search(r"(?<![=!<>])=(?!=)", head) or "operator" in head


def functions(text):
    """(first line, lines, name) of each outermost function body."""
    text = blank_directives(tree.blank_comments(text, strings=True))
    depth, round_depth, body, start, found = 0, 0, None, 0, []
    for match in re.finditer(r"[{}();]|(?<!:):(?!:)", text):
        mark = match.group()
        if mark in "()":
            round_depth += 1 if mark == "(" else -1
        if round_depth > 0 or mark in "()":
            # Braces of an argument: a lambda, an initialiser.
            continue
        if mark == ":":
            # After `public:` a new declaration begins; other colons belong to one.
            if body is None and re.search(r"\b(public|private|protected)\s*$", text[start:match.start()]):
                start = match.end()
            continue
        if mark == "{":
            declaration = text[start:match.start()]
            if body is None and opens_function(declaration):
                body = (depth, start + len(declaration) - len(declaration.lstrip()), declaration)
            depth += 1
        elif mark == "}":
            depth -= 1
            if body is not None and depth == body[0]:
                # `X() : a_{1}, b_{2} {`: the brace that just closed was an initialiser's.
                if re.match(r"\s*[,{]|\s*\.\.\.", text[match.end():match.end() + 200]):
                    continue
                first = text.count("\n", 0, body[1]) + 1
                last = text.count("\n", 0, match.start()) + 1
                name = re.findall(r"([\w:~]+|operator\S+)\s*\(", body[2] + "(")
                found.append((first, last - first + 1, name[0] if name else "?"))
                body = None
        if body is None:
            start = match.end()
    return found


def check_file(root, path):
    """Findings in one file."""
    text = tree.read(root, path)
    findings = [
        f"{path}:{first}: {name} has {lines} lines; the most is {MOST_FUNCTION_LINES}"
        for first, lines, name in functions(text) if lines > MOST_FUNCTION_LINES
    ]
    lines = text.count("\n")
    if lines > MOST_FILE_LINES:
        findings.append(f"{path}:{lines}: the file has {lines} lines; the most is {MOST_FILE_LINES}")
    return findings


def main(root):
    sources = tree.files(root, tree.CXX)
    tree.finish("sizes", len(sources), [f for s in sources for f in check_file(root, s)])


if __name__ == "__main__":
    main(sys.argv[1])
