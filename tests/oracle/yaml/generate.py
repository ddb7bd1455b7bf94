#!/usr/bin/env python3
"""Documents for the comparison with go-yaml: files as they are, mutations of them, and trees made up of nasty scalars.

generate.py SEED COUNT FILE...   writes records as main.go reads them.
"""

import random
import sys

SCALARS = """y Y yes Yes YES yEs n N no No on On ON off true True TRUE tRue false ~ null Null NULL nULL 0 00 -0 +0 1 -1 +1
0777 08 09 0o17 0O17 0b101 0B11 -0b11 0b-1 0b+1 0x1F 0X1f -0x1F +0x1f 0x 0b 0o 1_000 1__0 1_ _1 0x_1f 1:30 1:30:45 -1:30
190:20:30.15 1:60 1: :1 .5 -.5 +.5 5. .5e3 1e3 1E3 1e+3 1e-3 1.5e300 1e999 -1e999 1e-999 .inf -.inf +.inf .Inf .INF .iNF
.nan .NaN .NAN +.nan . .. ... - -- --- + 123456789012345678901234567890 9223372036854775807 9223372036854775808
-9223372036854775808 -9223372036854775809 18446744073709551615 18446744073709551616 0xFFFFFFFFFFFFFFFF 1.10 1.0 100.0
1000000.0 123456.0 1234567.0 0.0001 0.00001 0.000001 0.0000001 1e20 1e21 1e22 -0.0 0.1 3.14159265358979 2.2250738585072014e-308
5e-324 1.7976931348623157e308 2001-01-01 2001-1-1 2001-13-01 2001-02-30 2001-12-14t21:59:43.10-05:00 2001-12-14T21:59:43Z
2001-12-15T2:59:43.1Z 20010101 2001-01-01x 1.2.3.4 10.0.0.0/8 <none> a:b a#b =  << ? | > @ ` % & * ! - : , [ ] { } # ' "
._5 .1_5 .1_ 1_.5 1._5 12e03 12e 0.e1 +.e1 100m 1Gi 500Mi key:value http://x/y:z *.example.com @foo %foo `foo 'x 0x1p4 1p4
infinity Inf NaN nan inf""".split() + [
    "",
    " ",
    "  ",
    " a",
    "a ",
    "a b",
    "a  b",
    "a: b",
    "a #b",
    "a\tb",
    "\ta",
    "\n",
    "\n\n",
    "a\n",
    "a\nb",
    "a\nb\n",
    "a\n\n",
    "\na",
    " a\nb",
    "a \nb",
    "a\n b",
    "a\nb ",
    "\ttab\nx",
    "é",
    "日本語 テキスト",
    "\U0001f600",
    "\ufeffx",
    "a\u2028b",
    "a\u0085b",
    "a\u00a0b",
    "\x07",
    "x\r\ny",
    "x\ry",
    "\u2028",
    "a\u2028 b\n",
    "2001-01-01 10:00:00",
    "2001-01-01  1:2:3.5",
    "2001-01-01 10:00",
    "it's",
    'say "hi"',
    "back\\slash",
    "- a",
    "? a",
    "-a",
    "?a",
    ":a",
    "a:",
    "a:\tb",
    "a?b",
    "# c",
    "\x7f",
    "\ud7ff",
    "\ue000",
    "\ufffd",
    "---",
    "--- a",
    "---a",
    "...a",
    "...",
]
KEYS = "a b A B a1 a2 a10 a01 a001 b1 _x -x .x /x é ü ß 日 x-1 x_1 x.1 X1 app name 1 2 10 01 yes no null true 1.5 ~ a-b a_b aB Ab a0 a00 a10b ٣".split()


def quoted(rng, text):
    body = "".join(c if " " <= c <= "~" and c not in '"\\' else "\\U%08X" % ord(c) for c in text)
    return '"%s"' % body


def long_text(rng):
    words = [
        "word",
        "a",
        "is",
        "longer-than-that",
        "x" * rng.randint(1, 90),
        "é" * rng.randint(1, 30),
        "it's",
        "#no",
        "k:v",
        '"q"',
        "{{x}}",
        " ",
    ]
    text = " ".join(rng.choice(words) for _ in range(rng.randint(5, 40)))
    if rng.random() < 0.2:
        text = text.replace(" ", "\n", rng.randint(1, 4))
    if rng.random() < 0.2:
        text += rng.choice(["\n", " ", ":", "\t", "\U0001f600", "\n\n"])
    return text


def scalar(rng):
    kind = rng.random()
    if kind < 0.55:
        text = rng.choice(SCALARS)
        return quoted(rng, text) if rng.random() < 0.4 or any(c in text for c in "\n\r\t\x07\u2028\u0085") else text
    if kind < 0.75:
        return quoted(rng, long_text(rng))
    if kind < 0.85:
        return rng.choice(
            ["!!str ", "!!int ", "!!float ", "!!bool ", "!!null ", "!!timestamp ", "!foo ", "! ", "!!binary ", "!!set "]
        ) + rng.choice(SCALARS[:200] + ["aGVsbG8=", "gIGC", "'1'"])
    return "".join(rng.choice("abc019._-+:eExX_ ~<é") for _ in range(rng.randint(1, 8)))


def key(rng):
    kind = rng.random()
    if kind < 0.85:
        return rng.choice(KEYS)
    if kind < 0.95:
        return quoted(rng, rng.choice(SCALARS) if rng.random() < 0.7 else long_text(rng))
    return rng.choice(
        ["<<", "? x\n", "[a]", "{a: b}", "!!str 1", "!!binary aGk=", "0x10", ".5", "1e3", "18446744073709551615"]
    )


def tree(rng, depth, indent, anchors):
    pad = "  " * indent
    if depth == 0 or rng.random() < 0.4:
        if anchors and rng.random() < 0.15:
            return " *" + rng.choice(anchors) + "\n"
        return " " + scalar(rng) + "\n"
    if rng.random() < 0.08:
        return rng.choice(
            [
                " {}\n",
                " []\n",
                " [a, b]\n",
                " {a: 1, b: 2}\n",
                " [yes, {x: [1]}]\n",
                " |\n" + pad + "  text\n" + pad + "   more\n",
                " >-\n" + pad + "  a\n" + pad + "  b\n",
            ]
        )
    head = ""
    if rng.random() < 0.1:
        name = "n%d" % len(anchors)
        head = " &" + name
    out = head + "\n"
    if rng.random() < 0.35:
        for _ in range(rng.randint(1, 4)):
            out += pad + "-" + tree(rng, depth - 1, indent + 1, anchors)
    else:
        for _ in range(rng.randint(1, 6)):
            if anchors and rng.random() < 0.08:
                out += pad + "<<: " + rng.choice(["*%s", "[*%s]"]) % rng.choice(anchors) + "\n"
            else:
                out += pad + key(rng) + ":" + tree(rng, depth - 1, indent + 1, anchors)
    if head:
        anchors.append(name)
    return out


def mutate(rng, text):
    data = bytearray(text)
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        at = rng.randrange(len(data) + 1)
        kind = rng.random()
        if kind < 0.4:
            data[at:at] = rng.choice(list(b"-:?#&*!|>'\"%@`{}[], \n\t~<0yn.\\\r")).to_bytes(1, "big")
        elif kind < 0.65:
            del data[at : at + rng.randint(1, 3)]
        elif kind < 0.85:
            data[at:at] = rng.choice(SCALARS).encode("utf-8", "replace")
        elif kind < 0.93:
            end = data.find(b"\n", at)
            start = data.rfind(b"\n", 0, at) + 1
            data[at:at] = data[start : end + 1]
        else:
            data[at:at] = bytes([rng.randrange(256)])
    return bytes(data)


def main():
    rng = random.Random(int(sys.argv[1]))
    count = int(sys.argv[2])
    files = [open(name, "rb").read() for name in sys.argv[3:]]
    small = [f for f in files if 0 < len(f) < 6000]
    records = list(files)
    for i in range(count):
        if small and i % 3 == 0:
            text = rng.choice(small)
            start = rng.randrange(len(text))
            records.append(mutate(rng, text if rng.random() < 0.3 else text[text.rfind(b"\n", 0, start) + 1 :][:600]))
            continue
        text = tree(rng, rng.randint(0, 4), 0, []).lstrip("\n ").encode("utf-8", "surrogatepass")
        records.append(mutate(rng, text) if i % 3 == 1 else text)
    for record in records:
        sys.stdout.buffer.write(b"%d\n" % len(record) + record + b"\n")


if __name__ == "__main__":
    main()
