package analyze

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
)

var index = regexp.MustCompile(`\[\d+\]`)

// Fingerprint is the same for the same mistake when lines move, files are
// renamed or list items change places: it is made of the rule, the object, the
// container and the path without its indexes.
func (f *Finding) Fingerprint() string {
	gk := f.Object.GroupKind()
	parts := []string{f.Rule, gk.String(), f.Object.Namespace, f.Object.Name, f.Container, index.ReplaceAllString(f.Path, "[]")}
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}
