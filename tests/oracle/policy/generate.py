#!/usr/bin/env python3
"""Questions for the comparison with the Go libraries of Flux v1: well-formed ones, near misses and noise.

generate.py SEED COUNT   writes COUNT questions of each kind, as main.go reads them.
"""

import json
import random
import sys

NUMBERS = "0 1 2 3 4 9 10 11 20 01 00 007 2020 20200309123553 18446744073709551615 18446744073709551616 99999999999999999999".split()
IDENTIFIERS = "0 1 2 9 10 01 00 a b A rc RC alpha beta - -- -1 0a 1-0 x X 18446744073709551616 99999999999999999999".split()
TAGS = "latest Latest 1.0.0 v1.4 1.4.2-alpine master-5a2b develop-12 sha256-ab.sig 2020-03-09 release_1 a aa aab b.c".split() + [""]
OPERATORS = ["", "", "", "=", "!=", ">", "<", ">=", "=>", "<=", "=<", "~", "~>", "^"]
NOISE = list(" \t,|.-+=<>!~^*xXvV_01279abZé/:")
ATOMS = r"""a b 1 0 . \. - v [0-9] [a-c] [^0-9] \d \D \w \W \s \S \b \B ^ $ \A \z [[:alpha:]] [[:^digit:]] [a\-z] [\d.] \pL \p{Greek}
\PN (a) (a|b) (?:ab) (?i:A) (?i)A (?s). (?m)^ (?U)a+ (?P<n>a) | \x41 \x{263a} \Qa.b\E \n \t \101 é [é] [^a] () (|a) a{2} [a-] []a]
[^]a]""".split()
BAD_ATOMS = r"""( ) [ ] { } \ * + ? (?! (?= (?<= (?<! (?P=n) \1 \C \Z \G [z-a] [[:foo:]] \p{Foo} (?z) (?P<1>a) \Q \E (?< (?# (?> \8 \y""".split()
REPEATS = "* + ? *? +? ?? {2} {1,3} {0} {2,} {1,2}? {,2} {1001} ** {3,1} {1 {a}".split()


def version(rng):
    text = rng.choice(["", "", "", "v"]) + ".".join(small(rng) for _ in range(rng.choice([1, 2, 3, 3, 3, 3])))
    if rng.random() < 0.4:
        text += "-" + identifiers(rng)
    if rng.random() < 0.1:
        text += "+" + identifiers(rng)
    return text


def small(rng):
    return rng.choice(NUMBERS) if rng.random() < 0.15 else str(rng.randint(0, 4))


def identifiers(rng):
    return ".".join(rng.choice(IDENTIFIERS) for _ in range(rng.choice([1, 1, 1, 2, 3])))


def mutated(rng, text, noise=NOISE):
    for _ in range(rng.choice([1, 1, 2])):
        at = rng.randint(0, len(text))
        kind = rng.random()
        if kind < 0.5:
            text = text[:at] + rng.choice(noise) + text[at:]
        elif kind < 0.8:
            text = text[:at] + text[at + 1 :]
        else:
            text = text[:at] + text[max(0, at - rng.randint(1, 4)) :]
    return text


def pattern_version(rng):
    parts = [small(rng) if rng.random() < 0.8 else rng.choice("xX*") for _ in range(rng.choice([1, 2, 3, 3]))]
    text = rng.choice(["", "", "", "v"]) + ".".join(parts)
    if rng.random() < 0.25:
        text += "-" + (identifiers(rng) if rng.random() < 0.5 else "0")
    if rng.random() < 0.05:
        text += "+" + identifiers(rng)
    return text


def term(rng):
    if rng.random() < 0.12:
        return "%s - %s" % (pattern_version(rng), pattern_version(rng))
    return rng.choice(OPERATORS) + rng.choice(["", "", "", " "]) + pattern_version(rng)


def constraint(rng):
    terms = [term(rng) for _ in range(rng.choice([1, 1, 1, 2, 2, 3]))]
    text = terms[0]
    for one in terms[1:]:
        text += rng.choice([" ", " ", ",", ", ", " , ", " || ", " || ", "||", "", "  "]) + one
    return mutated(rng, text) if rng.random() < 0.2 else text


def glob(rng):
    return "".join(rng.choice(["*", "*", "**", "a", "ab", "b", "1", "1.", "?", "[a]", "/"]) for _ in range(rng.randint(0, 6)))


def regexp(rng):
    text = ""
    for _ in range(rng.randint(1, 6)):
        text += rng.choice(ATOMS if rng.random() < 0.97 else BAD_ATOMS)
        if rng.random() < 0.3:
            text += rng.choice(REPEATS[:9] if rng.random() < 0.9 else REPEATS)
    if rng.random() < 0.1:
        text = "(" + text + ")"
    return mutated(rng, text, NOISE + list("()[]{}?\\$")) if rng.random() < 0.1 else text


def text_of(rng, alphabet):
    return rng.choice(TAGS) if rng.random() < 0.2 else "".join(rng.choice(alphabet) for _ in range(rng.randint(0, 8)))


def main():
    rng = random.Random(int(sys.argv[1]))
    for _ in range(int(sys.argv[2])):
        a, b = version(rng), version(rng)
        a = mutated(rng, a) if rng.random() < 0.2 else a
        b = mutated(rng, a) if rng.random() < 0.2 else b
        ask("version", a, b)
        ask("constraint", constraint(rng), *(version(rng) for _ in range(12)))
        ask("glob", glob(rng), *(text_of(rng, "aab1./") for _ in range(6)))
        # RE2 finds \B within characters beyond ASCII, of which no tag has any.
        ask("regexp", regexp(rng), *(text_of(rng, "aaAbB01.-v_ \n") for _ in range(6)))


def ask(*question):
    print(json.dumps(question))


if __name__ == "__main__":
    main()
