package load

import "bytes"

// Mentions says whether the text of the object holds comments and the word at
// all: most hold no suppression, and their comments need not be looked for.
func (l *locator) Mentions(word string) bool {
	return l.notes != nil && bytes.Contains(l.src.slice(l.text), []byte(word))
}
