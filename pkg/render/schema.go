package render

import (
	"embed"
	"fmt"
	"strings"
)

// The schemas are made from the Go types and their comments by the tests:
// go test ./pkg/render -run Schema -update.
//
//go:embed schema/*.json
var schemas embed.FS

// SchemaKinds are the kinds of documents that have a schema, besides the lists of
// those that come in lists.
func SchemaKinds() []string {
	return []string{"Explanation", "Timeline", "Report", "Summary", "Comparison", "Glossary", "RuleList"}
}

// configSchema names the one schema of a document that is read, not printed: the
// configuration of lint.
const configSchema = "Config"

// Schema is the JSON Schema (draft 2020-12) of a document kind: one of
// SchemaKinds, "ExplanationList", "TimelineList", "ComparisonList", or "Config". Upper and
// lower case do not matter. An unknown kind is an error that lists the known ones.
func Schema(kind string) ([]byte, error) {
	for _, known := range append(SchemaKinds(), "ExplanationList", "TimelineList", "ComparisonList", configSchema) {
		if !strings.EqualFold(kind, known) {
			continue
		}
		data, err := schemas.ReadFile("schema/" + strings.ToLower(known) + ".json")
		if err != nil {
			return nil, fmt.Errorf("read the schema of %s: %w", known, err)
		}
		return data, nil
	}
	return nil, fmt.Errorf("there is no document of kind %q: use one of %s", Escape(kind), strings.Join(SchemaKinds(), ", "))
}
