"""Checks the Swift of the phone plugin with tree-sitter: its syntax, and that no command waits for the main thread.

usage: swift.py FILE...   Prints one line for each finding; ends with 1 when there is one.

Tauri calls a plugin's commands on a queue of its own, while Rust waits for the answer: in `setup` with the main thread. A
command that answers from the main thread is then never answered, and the system ends the app. So a command must answer before
it passes anything to a closure. Does not check types: nothing here compiles Swift.
"""

import sys

import tree_sitter
import tree_sitter_swift

PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_swift.language()))

# Commands that the user triggers in the running app, never `setup`: they answer when something is shown.
SHOWING = {"open", "share"}

# What each rule must find; checked before the files, so that a rule that no longer finds anything is noticed.
SAMPLES = [
    ("syntax", "class A { func a( { }"),
    ("waits", "class A { @objc func listen(_ invoke: Invoke) { DispatchQueue.main.async { invoke.resolve() } } }"),
    ("waits", "class A { @objc func listen(_ invoke: Invoke) throws { Task { @MainActor in invoke.reject(a) } } }"),
    ("waits", "class A { @objc func listen(_ invoke: Invoke) { DispatchQueue.main.async { self.a(invoke) } } }"),
    ("waits", "class A { @objc func listen(_ invoke: Invoke) { begin(invoke) } }"),
    ("waits", "class A { @objc func listen(_ invoke: Invoke) { begin() } }"),
    ("waits", "class A { @objc func listen(_ invoke: Invoke) { DispatchQueue.main.async { a() }; invoke.resolve() } }"),
    ("sync", "class A { func a() { DispatchQueue.main.sync { b() } } }"),
    (None, "class A { @objc func listen(_ invoke: Invoke) { invoke.resolve(); DispatchQueue.main.async { a() } } }"),
    (None, "class A { @objc func open(_ invoke: Invoke) { DispatchQueue.main.async { invoke.resolve() } } }"),
]


def walk(node):
    yield node
    for child in node.children:
        yield from walk(child)


def text(node):
    return node.text.decode()


def line(node):
    return node.start_point[0] + 1


def syntax(root):
    """Syntax errors."""
    for node in walk(root):
        if node.type == "ERROR" or node.is_missing:
            yield line(node), "syntax", f"this is no Swift: {text(node)[:60]!r}"


def commands(root):
    """Each function that Tauri can call: name and body."""
    for node in walk(root):
        if node.type != "function_declaration":
            continue
        head = text(node).split("{")[0]
        body = node.child_by_field_name("body")
        if "_ invoke: Invoke" in head and "@objc" in head and body is not None:
            yield text(node.child_by_field_name("name")), node, body


def inside_closure(node, body):
    while node != body:
        if node.type == "lambda_literal":
            return True
        node = node.parent
    return False


def waits(root):
    """Commands that do not answer at once, on the thread on which they were called."""
    for name, node, body in commands(root):
        if name in SHOWING:
            continue
        uses = [one for one in walk(body) if one.type == "simple_identifier" and text(one) == "invoke"]
        calls = [text(one.parent) for one in uses]
        answers = [one for one, call in zip(uses, calls) if call in ("invoke.resolve", "invoke.reject")]
        other = [call for call in calls if call not in ("invoke.resolve", "invoke.reject", "invoke.parseArgs")]
        closures = [one.start_byte for one in walk(body) if one.type == "lambda_literal"]
        late = [one for one in answers if any(start < one.start_byte for start in closures)]
        if not answers:
            yield line(node), "waits", f"'{name}' does not answer by itself"
        elif other or late or any(inside_closure(one, body) for one in uses):
            yield line(node), "waits", f"'{name}' answers from a closure or after one: where Rust waits with the main thread, never"


def sync(root):
    """Calls that block until the main thread is free."""
    for node in walk(root):
        if node.type == "navigation_expression" and text(node).replace(" ", "").endswith("DispatchQueue.main.sync"):
            yield line(node), "sync", "waits for the main thread, which may be waiting for this one"


def findings(source):
    root = PARSER.parse(source).root_node
    for rule in (syntax, waits, sync):
        yield from rule(root)


def main(files):
    wrong = 0
    for rule, sample in SAMPLES:
        found = {kind for _, kind, _ in findings(sample.encode())}
        if found != ({rule} if rule else set()):
            print(f"the rule '{rule}' finds {sorted(found)} in: {sample}")
            wrong += 1
    for file in files:
        with open(file, "rb") as opened:
            source = opened.read()
        for number, _, words in findings(source):
            print(f"{file}:{number}: {words}")
            wrong += 1
    if not files:
        print("no Swift was given")
        wrong += 1
    print(f"{len(files)} files of Swift, {wrong} findings")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
