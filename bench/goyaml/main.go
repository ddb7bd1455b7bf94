// Command goyaml is the peer of yaml-load: the YAML library of Flux 1.25.4 on the same files.
//
//	goyaml SECONDS DIR...
//
// It decodes all *.yaml below each DIR into interface{} again and again for about SECONDS, on one core, and prints a
// JSON object a line and DIR: megabytes (10^6 bytes) a second.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strconv"
	"time"

	"gopkg.in/yaml.v2"
)

func main() {
	runtime.GOMAXPROCS(1)
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: goyaml SECONDS DIR...")
		os.Exit(2)
	}
	seconds, err := strconv.ParseFloat(os.Args[1], 64)
	check(err)
	for _, dir := range os.Args[2:] {
		rates := measure(filesBelow(dir), time.Duration(seconds*float64(time.Second)))
		check(json.NewEncoder(os.Stdout).Encode(map[string]interface{}{
			"best": rates[len(rates)-1], "median": rates[len(rates)/2], "rounds": len(rates),
		}))
	}
}

func filesBelow(dir string) [][]byte {
	var files [][]byte
	check(filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".yaml" {
			return err
		}
		text, err := os.ReadFile(path)
		files = append(files, text)
		return err
	}))
	return files
}

// measure returns the rates of the rounds, ascending; at least three.
func measure(files [][]byte, atLeast time.Duration) []float64 {
	var rates []float64
	for began := time.Now(); len(rates) < 3 || time.Since(began) < atLeast; {
		size, before := 0, cpu()
		for _, text := range files {
			decode(text)
			size += len(text)
		}
		rates = append(rates, float64(size)/(cpu()-before).Seconds()/1e6)
	}
	sort.Float64s(rates)
	return rates
}

func decode(text []byte) {
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var value interface{}
		if err := decoder.Decode(&value); err == io.EOF {
			return
		} else {
			check(err)
		}
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "goyaml:", err)
		os.Exit(1)
	}
}
