// Answers what the Go libraries of Flux v1 make of versions, constraints, globs and regular expressions, for comparison
// with src/images.
//
// Standard input: one question a line, a JSON list of texts. Standard output: one answer a line.
//
//	["version", A, B]          each of them as "major.minor.patch-pre" or "none", and -1, 0 or 1 where both are versions
//	["constraint", C, V...]    "invalid", or for each V a 1 (allowed), a 0, or a - (no version)
//	["glob", PATTERN, TEXT...] for each TEXT a 1 (matches) or a 0
//	["regexp", R, TEXT...]     "invalid", or the same
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"regexp"

	"github.com/Masterminds/semver/v3"
	"github.com/ryanuber/go-glob"
)

func spell(v *semver.Version) string {
	if v == nil {
		return "none"
	}
	text := fmt.Sprintf("%d.%d.%d", v.Major(), v.Minor(), v.Patch())
	if v.Prerelease() != "" {
		text += "-" + v.Prerelease()
	}
	return text
}

func bits(texts []string, holds func(string) byte) string {
	out := make([]byte, len(texts))
	for i, text := range texts {
		out[i] = holds(text)
	}
	return string(out)
}

func bit(b bool) byte {
	if b {
		return '1'
	}
	return '0'
}

func answer(question []string) string {
	subject, texts := question[1], question[2:]
	switch question[0] {
	case "version":
		a, _ := semver.NewVersion(subject)
		b, _ := semver.NewVersion(texts[0])
		if a == nil || b == nil {
			return spell(a) + " " + spell(b)
		}
		return fmt.Sprint(spell(a), " ", spell(b), " ", a.Compare(b))
	case "constraint":
		constraint, err := semver.NewConstraint(subject)
		if err != nil {
			return "invalid"
		}
		return bits(texts, func(text string) byte {
			version, err := semver.NewVersion(text)
			if err != nil {
				return '-'
			}
			return bit(constraint.Check(version))
		})
	case "glob":
		return bits(texts, func(text string) byte { return bit(glob.Glob(subject, text)) })
	case "regexp":
		expression, err := regexp.Compile(subject)
		if err != nil {
			return "invalid"
		}
		return bits(texts, func(text string) byte { return bit(expression.MatchString(text)) })
	}
	panic(question[0])
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for in.Scan() {
		var question []string
		if err := json.Unmarshal(in.Bytes(), &question); err != nil {
			panic(err)
		}
		fmt.Fprintln(out, answer(question))
	}
}
