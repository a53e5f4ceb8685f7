package render

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// A Style says how a document is to look. The zero Style is plain text, 80
// columns wide, in UTC.
type Style struct {
	// Format is the value of -o: "" and "table", "wide", "compact", "json", "yaml",
	// "kyaml", "name", "jsonpath=…", "jsonpath-as-json=…", "go-template=…", "mermaid",
	// "svg", "html", "markdown", "trace", "sarif", "junit", "github", "gitlab".
	// Formats lists those of a document.
	Format string
	// Width is the number of columns; 0 means 80 for prose and charts, and no
	// limit for tables.
	Width int
	Color bool
	// ASCII writes nothing beyond ASCII: charts are drawn without it, and text of the
	// cluster shows as \u65e5, or as the format escapes it.
	ASCII bool
	// Location is the time zone of times of day; nil means UTC.
	Location *time.Location
	// Wide adds evidence, paths and sources, as -o wide does.
	Wide bool
	// ShowInfo prints findings of severity info too; Wide includes it.
	ShowInfo bool
	// FailOn is the severity at which JUnit counts a finding as a failure: "error"
	// (also where empty), "warning" or "info".
	FailOn string
}

// defaultWidth is that of prose and charts where nobody says how wide.
const defaultWidth = 80

func (st Style) columns() int {
	if st.Width <= 0 {
		return defaultWidth
	}
	return max(st.Width, 20)
}

func (st Style) wide() bool { return st.Wide || st.Format == "wide" }

// narrow says that charts become lists.
func (st Style) narrow() bool { return st.columns() < 60 }

func (st Style) zone() *time.Location {
	if st.Location == nil {
		return time.UTC
	}
	return st.Location
}

// The formats of the documents, in the order of help texts. Those that take a
// value end in "=".
var (
	objectFormats   = []string{"json", "yaml", "kyaml", "name", "jsonpath=", "jsonpath-as-json=", "go-template="}
	explainFormats  = append([]string{"wide", "mermaid", "markdown"}, objectFormats...)
	timelineFormats = append([]string{"wide", "table", "mermaid", "svg", "html", "markdown", "trace"}, objectFormats...)
	reportFormats   = append([]string{"wide", "compact", "sarif", "junit", "github", "gitlab", "markdown"}, objectFormats...)
	listFormats     = append([]string{"wide", "markdown"}, objectFormats...)
	compareFormats  = append([]string{"wide", "markdown", "svg", "html"}, objectFormats...)
)

// Formats lists what Style.Format may be for a document kind ("Explanation",
// "Timeline", "Report", …), besides "" for text. Those that take a value end in
// "=".
func Formats(kind string) []string {
	return slices.Clone(formatsOf(strings.TrimSuffix(kind, "List")))
}

func formatsOf(kind string) []string {
	switch kind {
	case "Explanation":
		return explainFormats
	case "Timeline":
		return timelineFormats
	case "Report":
		return reportFormats
	case "Comparison":
		return compareFormats
	}
	return listFormats
}

// ErrFormat marks the errors about a format that a document does not have.
var ErrFormat = errors.New("unknown output format")

func (st Style) unknownFormat(kind string) error {
	return fmt.Errorf("%w %q for this command: use one of %s", ErrFormat, Escape(st.Format), strings.Join(formatsOf(kind), ", "))
}

// A page collects the lines of a text document.
type page struct {
	Style
	g     glyphs
	lines []line
}

func newPage(st Style) *page { return &page{Style: st, g: st.glyphs()} }

func (p *page) add(lines ...line) { p.lines = append(p.lines, lines...) }

// blank adds an empty line, but never two, and none at the start.
func (p *page) blank() {
	if n := len(p.lines); n > 0 && len(p.lines[n-1]) > 0 {
		p.lines = append(p.lines, nil)
	}
}

// prose adds a wrapped line.
func (p *page) prose(indent int, pieces ...piece) {
	p.add(line(pieces).wrap(p.columns(), indent)...)
}

// writeTo writes the page, without an empty line at its end.
func (p *page) writeTo(w io.Writer) error {
	for len(p.lines) > 0 && len(p.lines[len(p.lines)-1]) == 0 {
		p.lines = p.lines[:len(p.lines)-1]
	}
	var b strings.Builder
	for _, l := range p.lines {
		text := paint(l, p.Color)
		if strings.HasPrefix(text, "-- ") { // would end a section in a txtar file of tests
			text = " " + text
		}
		b.WriteString(text)
		b.WriteByte('\n')
	}
	return write(w, []byte(b.String()))
}

// pages writes one page after the other, with an empty line between them, so that
// not all of many are in memory.
func pages[T any](w io.Writer, st Style, items []T, fill func(*page, T) error) error {
	for i, item := range items {
		p := newPage(st)
		if err := fill(p, item); err != nil {
			return err
		}
		if i > 0 {
			if err := write(w, []byte("\n")); err != nil {
				return err
			}
		}
		if err := p.writeTo(w); err != nil {
			return err
		}
	}
	return nil
}

func write(w io.Writer, data []byte) error {
	if _, err := w.Write(data); err != nil {
		return fmt.Errorf("write output: %w", err)
	}
	return nil
}
