package analyze

import (
	"fmt"

	"k8s.io/apimachinery/pkg/util/validation/field"
)

// A Position is a place in a manifest. Lines and columns are 1-based, columns
// count code points, ends are exclusive. The zero Position means "not written
// in any file".
type Position struct {
	File      string `json:"file,omitempty"`
	Line      int    `json:"line,omitempty"`
	Column    int    `json:"column,omitempty"`
	EndLine   int    `json:"endLine,omitempty"`
	EndColumn int    `json:"endColumn,omitempty"`
}

// IsZero says that nothing is written anywhere.
func (p Position) IsZero() bool { return p == Position{} }

// String is the compiler's notation, file:line:column.
func (p Position) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
}

// A Locator finds where a field of one object is written. load provides one
// for each object that comes from a file.
type Locator interface {
	// At returns the position of the field, or of its nearest written ancestor
	// with exact=false. A scalar or flow value is its own place; a block value is
	// shown at its key.
	At(path *field.Path) (pos Position, exact bool)
	// Lines returns the source lines first..last (1-based, inclusive, clipped to the file) without line ends,
	// for excerpts.
	Lines(first, last int) []string
	// Comments returns the comment lines written on, or directly above, the line
	// of the field, with their own positions.
	Comments() []Comment
}

// A Comment is one comment of a manifest, without its leading '#'.
type Comment struct {
	Text string
	Pos  Position
	// OwnLine says that nothing but the comment stands on its line.
	OwnLine bool
}
