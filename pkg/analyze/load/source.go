package load

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"os"
	"sort"
	"sync"
	"unicode/utf8"
	"weak"

	"github.com/kubectl-lifecycle/kubectl-lifecycle/pkg/analyze"
)

// A source is one file's bytes, without a byte order mark. Everything that
// points into it keeps byte offsets; lines and columns are counted when someone
// asks.
type source struct {
	name string
	// data is nil once a large file has been released; bytes reads it again.
	data []byte
	// advance is told how many bytes more have been decoded; may be nil.
	advance func(int64)

	once  sync.Once
	marks []mark

	mu   sync.Mutex
	kept weak.Pointer[fileBytes]
	was  os.FileInfo // of a file that was released
}

// fileBytes is a box, so that the bytes can be held weakly.
type fileBytes struct{ data []byte }

// bytes are the bytes of the file; none if they were released and the file has
// changed since.
func (s *source) bytes() []byte {
	if s.was == nil {
		return s.data
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if b := s.kept.Value(); b != nil {
		return b.data
	}
	info, err := os.Stat(s.name)
	if err != nil || info.Size() != s.was.Size() || !info.ModTime().Equal(s.was.ModTime()) {
		return nil
	}
	data, err := os.ReadFile(s.name)
	if err != nil {
		return nil
	}
	b := &fileBytes{withoutMark(data)}
	s.kept = weak.Make(b)
	return b.data
}

// slice are the bytes of a span; none where the file has changed.
func (s *source) slice(at span) []byte {
	if data := s.bytes(); at.end <= len(data) {
		return data[at.start:at.end]
	}
	return nil
}

// release lets go of the bytes of a large file: they are wanted again only for
// the places that someone asks for. It is called before the source is shared.
func (s *source) release() {
	info, err := os.Stat(s.name)
	if err != nil || !info.Mode().IsRegular() || len(s.data) < largeInput {
		return
	}
	s.index()
	s.was, s.data = info, nil
}

// A mark holds the counts up to the start of one block, so that a place in a
// file of 100 MB on one line is found without reading it all again.
type mark struct{ lines, runes, lineStart int }

const markBlock = 1 << 12

func newSource(name string, data []byte) *source {
	return &source{name: name, data: withoutMark(data)}
}

func withoutMark(data []byte) []byte { return bytes.TrimPrefix(data, []byte("\ufeff")) }

func (s *source) decoded(n int) {
	if s.advance != nil {
		s.advance(int64(n))
	}
}

func (s *source) index() []mark {
	s.once.Do(func() {
		data := s.data
		s.marks = make([]mark, 0, len(data)/markBlock+1)
		var m mark
		for at := 0; ; at += markBlock {
			s.marks = append(s.marks, m)
			if at+markBlock >= len(data) {
				return
			}
			block := data[at : at+markBlock]
			m.lines += bytes.Count(block, []byte{'\n'})
			m.runes += runeStarts(block)
			if i := bytes.LastIndexByte(block, '\n'); i >= 0 {
				m.lineStart = at + i + 1
			}
		}
	})
	return s.marks
}

// runeStarts counts code points by their first bytes, so that blocks may cut
// through one. Eight bytes are looked at together: a byte that continues a code
// point has its two highest bits set to 10.
func runeStarts(b []byte) int {
	n := len(b)
	for ; len(b) >= 8; b = b[8:] {
		w := binary.LittleEndian.Uint64(b)
		n -= bits.OnesCount64(w & ^(w << 1) & 0x8080808080808080)
	}
	for _, c := range b {
		if !utf8.RuneStart(c) {
			n--
		}
	}
	return n
}

// lineColumn gives the 1-based line and column of a byte offset.
func (s *source) lineColumn(off int) (line, column int) {
	marks, data := s.index(), s.bytes()
	off = min(max(off, 0), len(data))
	block := min(off/markBlock, len(marks)-1)
	m, rest := marks[block], data[block*markBlock:off]
	line = m.lines + bytes.Count(rest, []byte{'\n'}) + 1
	lineStart := m.lineStart
	if i := bytes.LastIndexByte(rest, '\n'); i >= 0 {
		return line, runeStarts(rest[i+1:]) + 1
	}
	before := func(off int) int {
		block := min(off/markBlock, len(marks)-1)
		return marks[block].runes + runeStarts(data[block*markBlock:off])
	}
	return line, before(off) - before(lineStart) + 1
}

// position is the range of bytes start ≤ … < end as lines and columns; only the
// name where they cannot be told any more.
func (s *source) position(start, end int) analyze.Position {
	p := analyze.Position{File: s.name}
	if s.was != nil && s.bytes() == nil {
		return p // the file has changed
	}
	p.Line, p.Column = s.lineColumn(start)
	p.EndLine, p.EndColumn = s.lineColumn(max(start, end))
	return p
}

// lineStart is the byte offset of a 1-based line, or the file's length.
func (s *source) lineStart(line int) int {
	marks, data := s.index(), s.bytes()
	block := sort.Search(len(marks), func(i int) bool { return marks[i].lines >= line }) - 1
	if line <= 1 || block < 0 {
		return 0
	}
	at := marks[block].lineStart
	for n := marks[block].lines + 1; n < line; n++ {
		i := bytes.IndexByte(data[min(at, len(data)):], '\n')
		if i < 0 {
			return len(data)
		}
		at += i + 1
	}
	return at
}

// commentsAbove is where the comment lines directly above the line of an offset
// begin, or else that line.
func (s *source) commentsAbove(off int) int {
	data := s.bytes()
	start := bytes.LastIndexByte(data[:min(off, len(data))], '\n') + 1
	for start > 0 {
		above := bytes.LastIndexByte(data[:start-1], '\n') + 1
		if !bytes.HasPrefix(bytes.TrimLeft(data[above:start], " \t"), []byte{'#'}) {
			break
		}
		start = above
	}
	return start
}

// maxLine is how many bytes of a line are worth showing: a large JSON file may be
// one line.
const maxLine = 64 << 10

// lines returns lines first..last, clipped to the file, without line ends, and
// each to maxLine.
func (s *source) lines(first, last int) []string {
	first = max(first, 1)
	if last < first {
		return nil
	}
	var out []string
	data := s.bytes()
	for at, n := s.lineStart(first), first; n <= last && at < len(data); n++ {
		line := data[at:]
		if i := bytes.IndexByte(line, '\n'); i >= 0 {
			line = line[:i]
		}
		at += len(line) + 1
		line = bytes.TrimSuffix(line, []byte{'\r'})
		if len(line) > maxLine {
			line = bytes.ToValidUTF8(line[:maxLine], nil)
		}
		out = append(out, string(line))
	}
	return out
}
