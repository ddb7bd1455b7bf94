// Answers what go-yaml v2.4.0 makes of documents, for comparison with src/yaml.
//
// Standard input: records, each a decimal length, a newline, that many bytes and a newline.
// Standard output: one JSON line a record: {"error": text} or {"documents": [{"json", "jsonError", "yaml", "sum"}]}.
package main

import (
	"bufio"
	"bytes"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"gopkg.in/yaml.v2"
)

type document struct {
	JSON      string `json:"json"`
	JSONError string `json:"jsonError,omitempty"`
	YAML      string `json:"yaml"`
	Sum       string `json:"sum"`
	Unstable  bool   `json:"unstable,omitempty"`
}

type answer struct {
	Error     string     `json:"error,omitempty"`
	Documents []document `json:"documents,omitempty"`
}

// key is the text of a mapping key as sigs.k8s.io/yaml converts it.
func key(k interface{}) (string, error) {
	switch k := k.(type) {
	case string:
		return k, nil
	case int:
		return strconv.Itoa(k), nil
	case uint64:
		return strconv.FormatUint(k, 10), nil
	case bool:
		return strconv.FormatBool(k), nil
	case float64:
		s := strconv.FormatFloat(k, 'g', -1, 32)
		switch s {
		case "+Inf":
			s = ".inf"
		case "-Inf":
			s = "-.inf"
		case "NaN":
			s = ".nan"
		}
		return s, nil
	}
	return "", fmt.Errorf("unsupported key %v", k)
}

func convert(v interface{}) (interface{}, error) {
	switch v := v.(type) {
	case map[interface{}]interface{}:
		out := map[string]interface{}{}
		for k, item := range v {
			name, err := key(k)
			if err != nil {
				return nil, err
			}
			if _, taken := out[name]; taken {
				return nil, fmt.Errorf("two keys %q", name)
			}
			if out[name], err = convert(item); err != nil {
				return nil, err
			}
		}
		return out, nil
	case []interface{}:
		out := make([]interface{}, len(v))
		for i, item := range v {
			var err error
			if out[i], err = convert(item); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return v, nil
}

func describe(v interface{}) document {
	var d document
	encoded, err := yaml.Marshal(v)
	if err != nil {
		d.YAML = "error: " + err.Error()
	} else {
		d.YAML = string(encoded)
		for i := 0; i < 4 && !d.Unstable; i++ {
			again, _ := yaml.Marshal(v)
			d.Unstable = !bytes.Equal(again, encoded)
		}
	}
	sum := sha1.Sum(encoded)
	d.Sum = hex.EncodeToString(sum[:])
	value, err := convert(v)
	if err != nil {
		d.JSONError = err.Error()
		return d
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		d.JSONError = err.Error()
		return d
	}
	d.JSON = strings.TrimSuffix(out.String(), "\n")
	return d
}

func ask(text []byte) (a answer) {
	defer func() {
		if r := recover(); r != nil {
			a = answer{Error: fmt.Sprint("panic: ", r)}
		}
	}()
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var v interface{}
		err := decoder.Decode(&v)
		if err == io.EOF {
			return a
		}
		if err != nil {
			return answer{Error: err.Error()}
		}
		a.Documents = append(a.Documents, describe(v))
	}
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for {
		header, err := in.ReadString('\n')
		if err != nil {
			return
		}
		length, err := strconv.Atoi(strings.TrimSpace(header))
		if err != nil {
			panic(err)
		}
		text := make([]byte, length+1)
		if _, err := io.ReadFull(in, text); err != nil {
			panic(err)
		}
		line, _ := json.Marshal(ask(text[:length]))
		out.Write(line)
		out.WriteByte('\n')
	}
}
