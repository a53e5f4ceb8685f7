package load

import "bytes"

// Mentions says whether the text of the object's file holds the word at all:
// most files hold no suppression, and their comments need not be looked for.
func (l *locator) Mentions(word string) bool { return bytes.Contains(l.src.data, []byte(word)) }
