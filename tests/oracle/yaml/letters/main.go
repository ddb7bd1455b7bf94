// Prints the tables of src/yaml/letters.cc.
package main

import (
	"fmt"
	"unicode"
)

func flat(t *unicode.RangeTable) (o [][2]uint32) {
	add := func(lo, hi, st uint32) {
		for r := lo; r <= hi; r += st {
			if n := len(o); n > 0 && o[n-1][1]+1 == r {
				o[n-1][1] = r
			} else {
				o = append(o, [2]uint32{r, r})
			}
		}
	}
	for _, r := range t.R16 {
		add(uint32(r.Lo), uint32(r.Hi), uint32(r.Stride))
	}
	for _, r := range t.R32 {
		add(r.Lo, r.Hi, r.Stride)
	}
	return
}
func show(name string, t [][2]uint32) {
	fmt.Printf("constexpr Range %s[] = {\n", name)
	for _, r := range t {
		if r[0] >= 0x80 {
			fmt.Printf("{0x%X, 0x%X},", r[0], r[1])
		}
	}
	fmt.Printf("\n};\n")
}
func main() {
	show("kLetters", flat(unicode.L))
	show("kDigits", flat(unicode.Nd))
	println(unicode.Version)
}
