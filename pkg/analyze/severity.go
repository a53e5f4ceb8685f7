package analyze

import (
	"fmt"
	"strings"
)

// Severity ranks findings and explanations by consequence.
type Severity int

// The severities, harmless first, so that they can be compared.
const (
	OK      Severity = iota
	Info             // advice
	Warning          // it loses requests or work in a situation that will come
	Error            // it is broken, will break, or will be refused
)

var severityNames = [...]string{"ok", "info", "warning", "error"}

// String is the word used in all documents.
func (s Severity) String() string {
	if s < 0 || int(s) >= len(severityNames) {
		return "unknown"
	}
	return severityNames[s]
}

// ParseSeverity reads "ok", "info", "warning" or "error".
func ParseSeverity(word string) (Severity, error) {
	for i, name := range severityNames {
		if word == name {
			return Severity(i), nil
		}
	}
	return OK, fmt.Errorf("unknown severity %q: use one of %s", word, strings.Join(severityNames[1:], ", "))
}

// MarshalText writes the word.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the word.
func (s *Severity) UnmarshalText(b []byte) error {
	v, err := ParseSeverity(string(b))
	*s = v
	return err
}
