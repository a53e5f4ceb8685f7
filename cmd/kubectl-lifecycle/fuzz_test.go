package main

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"sigs.k8s.io/yaml"
)

// fuzzed are the commands that FuzzCommands puts any text before: each door with
// each of its outputs.
func fuzzed() [][]string {
	var out [][]string
	for _, door := range []struct {
		words   string
		formats string
	}{
		{"lint --fail-on never", " wide compact sarif junit github gitlab markdown json yaml kyaml name"},
		{"lint --fix", ""},
		{"explain", " wide mermaid markdown json yaml name"},
		{"termination-timeline", " wide table mermaid svg html markdown trace json yaml name"},
		{"startup-timeline", " wide table mermaid svg html markdown trace json yaml name"},
		{"restart-timeline", " json svg"},
		{"timeline", " json html"},
	} {
		for _, format := range strings.Split(door.formats, " ") {
			words := append(strings.Fields(door.words), "-f", "-")
			if format != "" {
				words = append(words, "-o", format)
			}
			out = append(out, words)
		}
	}
	return out
}

// FuzzCommands gives any text as manifests to a command. It answers, twice the
// same, with a document that its readers can read, or refuses with a sentence.
func FuzzCommands(f *testing.F) {
	for _, pattern := range []string{"examples/*.yaml", "examples/*/*.yaml", "cluster/*.yaml"} {
		files, err := filepath.Glob(filepath.Join("..", "..", "testdata", pattern))
		if err != nil || len(files) == 0 {
			f.Fatal(pattern, err)
		}
		for i, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			if len(data) < 4<<10 { // a larger one is slow, and changes nothing
				f.Add(data, uint8(i*7%len(fuzzed())))
			}
		}
	}
	commands := fuzzed()
	f.Fuzz(func(t *testing.T, manifests []byte, which uint8) {
		words := commands[int(which)%len(commands)]
		code, out, talk := answer(words, manifests)
		again, sameOut, sameTalk := answer(words, manifests)
		if code != again || out != sameOut || talk != sameTalk {
			t.Errorf("%v: two runs differ:\n%s\n%s\n%s\n%s", words, out, sameOut, talk, sameTalk)
		}
		switch {
		case code < exitDone || code > exitNotDone:
			t.Errorf("%v: exit code %d", words, code)
		case code == exitNotDone && !strings.Contains(talk, "error: "):
			t.Errorf("%v: exit code 2 without a word: %q", words, talk)
		}
		for _, text := range []string{out, talk} {
			if i := strings.IndexFunc(text, untame); i >= 0 || !utf8.ValidString(text) {
				t.Errorf("%v lets through %.60q", words, text[max(i, 0):])
			}
		}
		if format := words[len(words)-1]; out != "" {
			if err := readBack(format, out); err != nil {
				t.Errorf("%v writes what cannot be read: %v\n%s", words, err, out)
			}
		}
	})
}

func answer(words []string, manifests []byte) (code int, out, talk string) {
	var o, e bytes.Buffer
	world := &env{
		In: bytes.NewReader(manifests), Out: &o, Err: &e,
		Now:    func() time.Time { return time.Date(2026, 11, 21, 20, 0, 0, 0, time.UTC) },
		Getenv: func(string) string { return "" }, Width: func() int { return 80 },
	}
	code = run(context.Background(), world, words)
	return code, o.String(), e.String()
}

// untame says what a terminal would act on.
func untame(r rune) bool {
	return (r < ' ' && r != '\n' && r != '\t') || r == 0x7f || (r >= 0x80 && r < 0xa0) ||
		(r >= 0x202a && r <= 0x202e) || (r >= 0x2066 && r <= 0x2069)
}

// readBack reads the output as its consumers would.
func readBack(format, out string) error {
	switch format {
	case "json", "sarif", "gitlab", "trace":
		for d := json.NewDecoder(strings.NewReader(out)); ; {
			var v any
			if err := d.Decode(&v); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
		}
	case "yaml", "kyaml":
		for _, doc := range strings.Split(out, "\n---\n") {
			var v any
			if err := yaml.Unmarshal([]byte(doc), &v); err != nil {
				return err
			}
		}
	case "junit", "svg":
		for d := xml.NewDecoder(strings.NewReader(out)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
		}
	}
	return nil
}
