package load

import "bytes"

// A span is a range of bytes in a source.
type span struct{ start, end int }

// splitDocuments cuts a YAML stream at its "---" lines and leaves out documents
// without content. A line that carries content behind the dashes belongs to the
// document it opens. JSON cannot hold such a line, so streams of JSON pass
// through in one piece.
func splitDocuments(data []byte) []span {
	var out []span
	add := func(start, end int) {
		if end > start && !isBlank(data[start:end]) {
			out = append(out, span{start, end})
		}
	}
	start := 0
	for at := 0; at < len(data); {
		line := lineAt(data, at)
		if isSeparator(line) {
			add(start, at)
			start = at
			if isBlank(line[3:]) {
				start = at + len(line)
			}
		}
		at += len(line)
	}
	add(start, len(data))
	return out
}

// lineAt is the line that starts at an offset, with its line end.
func lineAt(data []byte, at int) []byte {
	if i := bytes.IndexByte(data[at:], '\n'); i >= 0 {
		return data[at : at+i+1]
	}
	return data[at:]
}

// isSeparator says whether the line begins a document: "---" in the first
// column and then nothing or white space.
func isSeparator(line []byte) bool {
	return bytes.HasPrefix(line, []byte("---")) && (len(line) == 3 || isSpace(line[3]))
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// isBlank says whether a document holds nothing but white space, comments,
// directives and document ends.
func isBlank(doc []byte) bool {
	for at := 0; at < len(doc); {
		line := lineAt(doc, at)
		at += len(line)
		text := bytes.TrimSpace(line)
		if len(text) > 0 && text[0] != '#' && line[0] != '%' && !bytes.Equal(text, []byte("...")) {
			return false
		}
	}
	return true
}
