package render

import (
	"io"
	"strings"
)

// Diff writes a unified diff, which may be piped to patch: only colours are
// added. Characters that a terminal would act on are escaped, but for tabs and
// the carriage returns at line ends, so that manifests come out as they are.
func Diff(w io.Writer, unified []byte, st Style) error {
	var b strings.Builder
	for _, l := range strings.SplitAfter(string(unified), "\n") {
		if l == "" {
			continue
		}
		body := strings.TrimRight(l, "\r\n")
		cells := strings.Split(body, "\t")
		for i := range cells {
			cells[i] = Escape(cells[i])
		}
		b.WriteString(coloured(strings.Join(cells, "\t"), diffRole(body), st.Color) + l[len(body):])
	}
	return write(w, []byte(b.String()))
}

func diffRole(l string) role {
	switch {
	case strings.HasPrefix(l, "+++ "), strings.HasPrefix(l, "--- "), strings.HasPrefix(l, "diff "):
		return strong
	case strings.HasPrefix(l, "@@"):
		return accent
	case strings.HasPrefix(l, "+"):
		return good
	case strings.HasPrefix(l, "-"):
		return bad
	}
	return plain
}
