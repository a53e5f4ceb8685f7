package load

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"sort"
	"strings"
	"unicode/utf8"

	kjson "sigs.k8s.io/json"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// checkBytes refuses what no parser of text should see.
func checkBytes(src *source) *analyze.InputError {
	d := src.data
	refuse := func(at int, message, command string) *analyze.InputError {
		e := &analyze.InputError{Position: src.position(at, at), Message: message}
		if command != "" && src.name != stdinName && !isURL(src.name) {
			e.Help = command + " " + src.name + " | kubectl lifecycle lint -f -"
		}
		return e
	}
	switch {
	case bytes.HasPrefix(d, []byte{0xff, 0xfe}), bytes.HasPrefix(d, []byte{0xfe, 0xff}), looksUTF16(d):
		return refuse(0, "the text is UTF-16; Kubernetes reads UTF-8", "iconv -f UTF-16 -t UTF-8")
	case bytes.HasPrefix(d, []byte{0x1f, 0x8b}):
		return refuse(0, "the data is compressed with gzip", "gunzip -c")
	}
	if i := bytes.IndexByte(d, 0); i >= 0 {
		return refuse(i, "this is binary data, not YAML or JSON", "")
	}
	if utf8.Valid(d) {
		return nil
	}
	for i := 0; i < len(d); {
		r, size := utf8.DecodeRune(d[i:])
		if r == utf8.RuneError && size == 1 {
			return refuse(i, "this byte is not UTF-8 text", "")
		}
		i += size
	}
	return nil
}

// looksUTF16 recognizes UTF-16 without a byte order mark: every other byte of
// ASCII text is zero.
func looksUTF16(d []byte) bool {
	if len(d) < 4 {
		return false
	}
	return (d[0] == 0 && d[2] == 0 && d[1] != 0 && d[3] != 0) || (d[1] == 0 && d[3] == 0 && d[0] != 0 && d[2] != 0)
}

// plainYAML is the library's message without its prefix and its line, which is
// often that of the beginning of what it was reading.
func plainYAML(err error) string {
	prefix := regexp.MustCompile(`^(error converting YAML to JSON: )?yaml: (unmarshal errors:\s*)?(line \d+: )?`)
	return prefix.ReplaceAllString(err.Error(), "")
}

// yamlError says where and why a text is not YAML.
func yamlError(t *yamlText, text []byte, err error) analyze.InputError {
	if looksJSON(text) {
		at := skipSpace(text, 0)
		return jsonError(jsonValue(t.src, span{t.text.start + at, t.text.end}, head{}), nil)
	}
	message := plainYAML(err)
	at, found := culprit(text, message)
	words := explainYAML(message)
	if !found {
		at = breakingLine(text, message)
		line := lineAt(text, at)
		if tab, ok := indentingTab(line); ok {
			at += tab
			words = "tabs cannot indent YAML; use spaces"
		} else {
			at += len(line) - len(bytes.TrimLeft(line, " \t"))
		}
	}
	return analyze.InputError{Position: t.src.position(t.text.start+at, t.text.start+at), Message: "not YAML: " + words}
}

// looksJSON says whether text that is not YAML was meant to be JSON.
func looksJSON(text []byte) bool {
	at := skipSpace(text, 0)
	if at >= len(text) || text[at] != '{' {
		return false
	}
	at = skipSpace(text, at+1)
	return at == len(text) || text[at] == '"'
}

// culprit finds what a message names in the text itself.
func culprit(text []byte, message string) (int, bool) {
	if strings.HasPrefix(message, "control characters") {
		i := bytes.IndexFunc(text, func(r rune) bool {
			return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r >= 0x7f && r < 0xa0 && r != 0x85
		})
		return i, i >= 0
	}
	if name, ok := strings.CutPrefix(message, "unknown anchor '"); ok {
		name, _, _ = strings.Cut(name, "'")
		i := bytes.Index(text, []byte("*"+name))
		return i, i >= 0
	}
	return 0, false
}

// breakingLine is the offset of the line where the text stops being YAML: the
// last line of the shortest piece that fails with the same message. A line can
// only be blamed by what stands before or on it, so a piece fails in the same
// way exactly if it holds the mistake.
func breakingLine(text []byte, message string) int {
	starts := []int{0}
	for at := 0; at < len(text); {
		at += len(lineAt(text, at))
		starts = append(starts, at)
	}
	n := sort.Search(len(starts)-1, func(i int) bool {
		var out any // any: only the error counts
		err := yaml.Unmarshal(text[:starts[i+1]], &out)
		return err != nil && plainYAML(err) == message
	})
	return starts[min(n, max(len(starts)-2, 0))]
}

// indentingTab finds a tab in the white space at the start of a line.
func indentingTab(line []byte) (int, bool) {
	for i, c := range line {
		switch c {
		case '\t':
			return i, true
		case ' ', '-':
		default:
			return 0, false
		}
	}
	return 0, false
}

// explainYAML puts the library's commonest messages into words for people who
// do not know its grammar.
func explainYAML(message string) string {
	switch {
	case strings.HasPrefix(message, "mapping values are not allowed"):
		return "a \"key:\" stands where none can be; is the line indented wrongly, or does a text with \": \" in it need quotes?"
	case strings.HasPrefix(message, "did not find expected key"):
		return "expected a key here; is the line indented wrongly?"
	case strings.HasPrefix(message, "could not find expected ':'"):
		return "expected a ':' behind the key"
	case strings.HasPrefix(message, "did not find expected '-' indicator"):
		return "expected an item of the list; is the line indented wrongly?"
	case strings.HasPrefix(message, "invalid map key"):
		return "a key must be a text, not a list or an object"
	case strings.HasPrefix(message, "exceeded max depth"):
		return tooDeep(message)
	case strings.HasPrefix(message, "document contains excessive aliasing"):
		return "its aliases expand to very much more than is written (an \"alias bomb\")"
	}
	return message
}

// tooDeep replaces the message of the parsers about their common limit.
func tooDeep(message string) string {
	if strings.Contains(message, "exceeded max depth") {
		return "nested more than 10000 levels deep"
	}
	return message
}

// jsonError says where and why a text is not JSON. err may be nil.
func jsonError(v value, err error) analyze.InputError {
	at := v.loc.text.start
	message := "the brackets do not match"
	if v.raw {
		var content any // any: only the error counts
		plain := json.Unmarshal(v.json, &content)
		var syntax *json.SyntaxError
		if errors.As(plain, &syntax) {
			at += max(int(syntax.Offset)-1, 0)
			message = syntax.Error()
		} else if err != nil {
			message = err.Error()
			if is, off := kjson.SyntaxErrorOffset(err); is {
				at += max(int(off)-1, 0)
			}
		}
	} else if err != nil {
		message = err.Error()
	}
	return analyze.InputError{Position: v.loc.src.position(at, at), Message: "not JSON: " + tooDeep(message)}
}
